package secrets

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/pattern"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/secretvalues"
)

// HTTP credentials: authorization schemes and cookies (cookies.go), under any usual spelling of the header.
func headers() []model.Trigger {
	return []model.Trigger{
		{
			Name: "bearer", Pattern: `(?i)bearer(?:[ \t]+|%20|\+|[:=] ?)["']?[A-Za-z0-9._~+/=\-]`,
			Find: bearer, Alone: true,
		},
		{Name: "basic", Pattern: `(?i)basic[ \t]+[A-Za-z0-9+/_\-]{6}`, Find: basic, Alone: true},
		{
			Name: "authorization", Pattern: `(?i)authorization[a-z_]*[\\"'` + "`" + `\])]*[ \t]*[:=,]`,
			Find: authorization, Alone: true,
		},
		{
			Name: "signed", Pattern: `(?i:aws4-hmac-sha256 credential=)|A[KS]IA[A-Z0-9]{16}[^A-Za-z0-9+/]+[A-Za-z0-9+/]{16}`,
			Find: signed, Alone: true,
		},
		{
			Name: "cookie", Pattern: `(?i)cookies?2?(?:_?(?:header|string|value))?[\\"'` + "`" + `\])]*[ \t]*[:=,]`,
			Find: cookies, Alone: true,
		},
		{Name: "cookie-flag", Pattern: `(?:^|\s)(?:-b|--cookie)(?:[ \t]+|=)["']?[^\s="']+=`, Find: cookieFlags, Alone: true},
	}
}

var (
	afterBearer = pattern.New(`(?:[ \t]{1,4}|%20|\+|[:=] ?)["']?([A-Za-z0-9._~+/=\-|:]{6,8192})`, 0)
	afterBasic  = pattern.New(`[ \t]{1,4}([A-Za-z0-9+/_\-]{6,4096}={0,2})`, 0)
)

func bearer(scan *model.Scan, _ string) {
	low, text := scan.Low, scan.Text
	for place := strings.Index(low, "bearer"); place >= 0; place = indexFrom(low, "bearer", place+6) {
		found, ok := afterBearer.Match(text, place+6, len(text))
		if !ok || model.IsAlnum(at(low, place-1)) {
			continue
		}
		token := strings.TrimRight(text[found[2]:found[3]], ".:")
		made := secretvalues.DigitsIn(token) > 0 || (len(token) >= 20 && secretvalues.LooksRandom(token, 16))
		if made && !secretvalues.IsPlaceholder(token) {
			scan.Add(found[2], found[2]+len(token), "[token]")
		}
	}
}

func basic(scan *model.Scan, _ string) {
	low, text := scan.Low, scan.Text
	for place := strings.Index(low, "basic "); place >= 0; place = indexFrom(low, "basic ", place+6) {
		if found, ok := afterBasic.Match(text, place+5, len(text)); ok && isPair(text[found[2]:found[3]]) {
			scan.Add(found[2], found[1], "[credentials]")
		}
	}
}

// isPair recognises the base 64 of "user:password" (RFC 7617), in both alphabets, padded or not.
func isPair(encoded string) bool {
	plain := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(encoded, "="))
	decoded, err := base64.RawStdEncoding.DecodeString(plain)
	if err != nil {
		return false
	}
	pair := false
	for _, b := range decoded {
		if b < 32 {
			return false
		}
		pair = pair || b == ':'
	}
	return pair
}

var (
	afterAuthorization = pattern.New("[A-Za-z_]{0,8}[\\\\\"'`\\])]{0,6}[ \\t]{0,4}(?:=>|:=|[:=,])[ \\t]{0,4}(?:b)?[\\\\\"'`\\[(]{0,6}", 0)
	scheme             = pattern.New(`(basic|bearer|digest|token|apikey|api-key|key`+
		`|negotiate|ntlm|hmac|aws4-hmac-sha256|aws|signature|oauth|bot|hawk|sharedkey|dpop|gnap`+
		`|privatetoken|sso-key|splunk|klaviyo-api-key|deepgram|zoho-oauthtoken|genie[kc]ey|mac|jwt|sapisidhash)(?:[ \t]{1,4}|=)`, pattern.Fold)
	// A scheme of somebody's own: Authorization: SSWS 00….
	ownScheme    = pattern.New(`[A-Za-z][A-Za-z0-9_\-]{1,24}[ \t]{1,4}([A-Za-z0-9._~+/=\-]{16,4096})`, 0)
	pairOfKeys   = pattern.New(`A[KS]IA[A-Z0-9]{16}[^A-Za-z0-9+/]{1,8}([A-Za-z0-9+/]{40})`, 0)
	opaque       = pattern.New("[^\\s\"'\\\\`,;<>{}\\[\\]()]{6,4096}", pattern.Unicode)
	restOfHeader = pattern.New("[^\\n\\r\"'`\\\\]{4,4096}", 0)
	listed       = model.Words("digest aws4-hmac-sha256 signature oauth hawk hmac gnap mac")
)

func authorization(scan *model.Scan, _ string) {
	low, text := scan.Low, scan.Text
	for place := strings.Index(low, "authorization"); place >= 0; place = indexFrom(low, "authorization", place+13) {
		if link, ok := afterAuthorization.Match(text, place+13, len(text)); ok {
			credential(scan, link[1])
		}
	}
}

const signedRequest = "aws4-hmac-sha256 credential="

// signed marks a signed request of AWS without the header's name; and an access key's secret beside its id.
func signed(scan *model.Scan, _ string) {
	for place := strings.Index(scan.Low, signedRequest); place >= 0; place = indexFrom(scan.Low, signedRequest, place+len(signedRequest)) {
		credential(scan, place)
	}
	for found := range pairOfKeys.All(scan.Text, 0, len(scan.Text)) {
		value := scan.Text[found[2]:found[3]]
		mixed := strings.ToLower(value) != value && strings.ToUpper(value) != value
		if after := at(scan.Text, found[3]); mixed && model.HasDigit(value) && !model.IsAlnum(after) && !isOneOf(after, "+/") {
			scan.Add(found[2], found[3], "[secret]")
		}
	}
}

func credential(scan *model.Scan, start int) {
	text := scan.Text
	named, ok := scheme.Match(text, start, len(text))
	if !ok {
		if found, ok := opaque.Match(text, start, len(text)); ok && secretvalues.LooksRandom(text[start:found[1]], 6) {
			scan.Add(start, found[1], "[token]")
			return
		}
		if own, ok := ownScheme.Match(text, start, len(text)); ok && secretvalues.LooksRandom(text[own[2]:own[3]], 16) {
			scan.Add(own[2], own[3], "[token]")
		}
		return
	}
	name := strings.ToLower(text[named[2]:named[3]])
	form, replacement := opaque, "[token]"
	if listed[name] {
		form = restOfHeader
	}
	if listed[name] || name == "basic" {
		replacement = "[credentials]"
	}
	found, ok := form.Match(text, named[1], len(text))
	if !ok {
		return
	}
	value := text[found[0]:found[1]]
	if secretvalues.IsPlaceholder(model.Strip(value)) {
		return
	}
	if listed[name] && strings.Contains(value, "=") || !listed[name] && (model.HasDigit(value) || utf8.RuneCountInString(value) > 15) {
		scan.Add(found[0], found[1], replacement)
	}
}
