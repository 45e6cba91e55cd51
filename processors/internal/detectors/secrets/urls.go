package secrets

import (
	"strings"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/keys"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/pattern"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/secretvalues"
)

// Addresses of the web and of servers: user information and query parameters.
func urls() []model.Trigger {
	return []model.Trigger{
		{
			Name: "userinfo", Pattern: `://[^/\s"'<>@]*:[^\s"'<>]+@|://[^/\s:"'<>@?#]{16,}@`,
			Find: userInformation, Alone: true,
		},
		{Name: "query", Pattern: `[?&;#][A-Za-z0-9_.\-\[\]]+=[^&\s"'<>#;]`, Find: query, Alone: true},
	}
}

var (
	userinfo  = pattern.New(`://(?:([^/\s:"'<>@?#]{0,128}):([^\s"'<>]{1,256})@|([^/\s:"'<>@?#]{16,256})@)`, pattern.Unicode)
	parameter = pattern.New("(?:[?&;#]|&amp;|\\\\u0026)([A-Za-z0-9_.\\-\\[\\]]{1,48})=([^&\\s\"'<>#;\\\\`)}]{1,2048})", 0)
)

func userInformation(scan *model.Scan, _ string) {
	text := scan.Text
	for place := strings.Index(text, "://"); place >= 0; place = indexFrom(text, "://", place+3) {
		found, ok := userinfo.Match(text, place, len(text))
		switch {
		case !ok:
		case found[4] < 0:
			if secretvalues.LooksRandom(text[found[6]:found[7]], 16) {
				scan.Add(place+3, found[1]-1, "[secret]")
			}
		default:
			markPassword(scan, found[4], text[found[4]:found[5]])
		}
	}
}

// markPassword leaves the account: it tells which log-in failed.
func markPassword(scan *model.Scan, start int, password string) {
	if first := strings.IndexByte(password, '@'); first >= 0 && secretvalues.IsPlaceholder(password) {
		// Of a list of addresses a later one was redacted before: "://a:b@c,://d:[secret]@e".
		password = password[:first]
	}
	end := start + len(password)
	if isPassword(password, scan.Text[end+1:]) {
		scan.Add(start, end, "[secret]")
	}
}

// isPassword tells a password from a path: http://host:80/users/@ada. after is what follows the @.
func isPassword(password, after string) bool {
	port, _, slash := strings.Cut(password, "/")
	if slash && model.AllDigits(port) || after == "" || after[0] == ' ' || after[0] == '/' {
		return false
	}
	return !strings.Contains(password, "?") && !secretvalues.IsPlaceholder(password)
}

// Names that are secret or personal only in a URL's query (the deny words of package keys count as well).
var queryNames = model.Words(`
	code key sig signature x-amz-signature x-amz-security-token x-amz-credential x-goog-signature x-goog-credential awsaccesskeyid
	policy key-pair-id token access_token id_token refresh_token auth apikey api-key api_key appkey app_key sid session sessionid
	session_id jwt otp ticket assertion samlresponse samlrequest oauth_token oauth_verifier oauth_signature oauth_nonce
	oauth_consumer_key nonce state hmac email e-mail mail phone mobile msisdn user username user_name login name firstname lastname
	pass pwd ssn dob se_sig skoid sktid hash sign verification verify invite invitation magic reset confirmation_token unsubscribe
	credential authuser client_assertion device_code user_code subscription-key ocp-apim-subscription-key x-api-key x-oss-signature
	x-cos-security-token q-signature upload_id cf_token shared_access_signature accesskey secretkey private_token job_token
	feed_token rss_token access-token auth_token
`)

var alwaysPrivate = model.Words(`
	sig signature x-amz-signature x-amz-security-token x-amz-credential x-goog-signature x-goog-credential awsaccesskeyid
	key-pair-id samlresponse samlrequest oauth_signature oauth_token oauth_verifier email e-mail mail phone mobile msisdn ssn dob
	username user_name firstname lastname x-oss-signature x-cos-security-token q-signature pass pwd private_token
`)

func query(scan *model.Scan, _ string) {
	text := scan.Text
	for at := nextParameter(text, 0); at >= 0; at = nextParameter(text, at) {
		found, ok := parameter.Match(text, at, len(text))
		if !ok {
			at++
			continue
		}
		at = found[1]
		name, value := text[found[2]:found[3]], text[found[4]:found[5]]
		if !secretvalues.IsPlaceholder(value) && isPrivateParameter(name, value) {
			replacement := "[secret]"
			if low := strings.ToLower(name); low == "email" || low == "mail" || low == "e-mail" {
				replacement = "[email]"
			}
			scan.Add(found[4], found[5], replacement)
		}
	}
}

// nextParameter finds the next character by which a parameter can begin; -1 if there is none.
func nextParameter(text string, from int) int {
	if next := strings.IndexAny(text[from:], `?&;#\`); next >= 0 {
		return from + next
	}
	return -1
}

// isPrivateParameter judges one parameter; weather and map services write their key as appid.
func isPrivateParameter(name, value string) bool {
	low := strings.ToLower(name)
	return alwaysPrivate[low] || (queryNames[low] && secretvalues.LooksRandom(value, 8)) ||
		(utf8.RuneCountInString(value) > 3 && denied(name)) ||
		((low == "appid" || low == "app_id" || keys.HintOf(name)&model.Keyed != 0) && secretvalues.LooksIssued(value))
}
