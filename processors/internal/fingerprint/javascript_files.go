package fingerprint

import (
	"encoding/hex"
	"regexp"
	"strings"
	"unicode"
)

// Where a JavaScript frame comes from: paths and URLs without host, query, content hash or extension; and which of them are libraries.

var (
	builtinSchemes   = set("node", "ext", "bun", "deno")
	extensionSchemes = set("chrome-extension", "moz-extension", "safari-extension", "safari-web-extension")
	dynamicStarts    = []string{"<", "eval ", "evalmachine", "data:", "blob:", "wasm:", "about:", "javascript:", "["}
	deliveryNetworks = []string{
		"unpkg.com/", "esm.sh/", "cdn.skypack.dev/", "cdn.jsdelivr.net/npm/", "deno.land/x/", "deno.land/", "jsr.io/",
	}
	nodeFile = regexp.MustCompile( // files of Node before version 12 have no folder
		`^(?:node:|internal/|(?:_[a-z_]+|assert|async_hooks|bootstrap_node|buffer|child_process|cluster|console|crypto|dgram|dns|domain|events|fs` +
			`|http2?|https|inspector|module|net|node|os|path|perf_hooks|process|punycode|querystring|readline|repl|stream|string_decoder|timers` +
			`|tls|tty|url|util|v8|vm|worker_threads|zlib)\.js)$`)
	webpackGroup     = regexp.MustCompile(`^(?:\([^()/]*\)/)?(?:\./)*`)
	packageVersion   = regexp.MustCompile(`@[^/]*`)
	scriptExtensions = set(
		"js", "cjs", "mjs", "jsx", "cjsx", "mjsx", "ts", "cts", "mts", "tsx", "ctsx", "mtsx", "vue", "svelte")
)

// scriptPlace returns the normal path of a frame's location (without line and column), or a name that only libraries have, or "<dyn>".
func scriptPlace(location string) string {
	scheme, rest, _ := strings.Cut(location, ":")
	scheme = lower(scheme)
	switch {
	case builtinSchemes[scheme]:
		return scheme + ":" + scriptPath(rest)
	case nodeFile.MatchString(location), strings.HasPrefix(location, "internal/"):
		return "node:" + scriptPath(location)
	case isDynamic(location):
		return dynamic
	case extensionSchemes[scheme]:
		return "extension:"
	}
	return scriptFile(location, scheme)
}

func isDynamic(location string) bool {
	if _, found := cutAny(location, dynamicStarts...); found {
		return true
	}
	number, found := strings.CutPrefix(location, "VM")
	return found && unicode.IsDigit(firstRune(number))
}

func scriptFile(location, scheme string) string {
	if path := delivered(location); path != "" {
		return "cdn:" + scriptPath(path)
	}
	rest, found := afterScheme(location)
	if !found {
		return scriptPath(location)
	}
	if end := strings.IndexAny(rest, "?#"); end >= 0 {
		rest = rest[:end]
	}
	switch {
	case strings.HasPrefix(scheme, "webpack"):
		if scheme == "webpack" && !strings.HasPrefix(location, "webpack:///") {
			_, rest, _ = strings.Cut(rest, "/")
		}
		return scriptPath(webpackGroup.ReplaceAllLiteralString(rest, ""))
	case scheme == "file":
		return scriptPath(fileOfURL(rest))
	}
	if _, path, _ := strings.Cut(rest, "/"); path != "" {
		return scriptPath("/" + path)
	}
	return dynamic
}

// fileOfURL is a path from a root or a drive.
func fileOfURL(rest string) string {
	path := unquoted(rest)
	if strings.HasPrefix(path[len(firstChars(path, 1)):], ":") {
		return path
	}
	return "/" + path
}

// afterScheme cuts "scheme://" or "scheme:///".
func afterScheme(location string) (rest string, found bool) {
	scheme, rest, found := strings.Cut(location, ":")
	for i, r := range scheme {
		r = foldedASCII(r)
		found = found && (r >= 'a' && r <= 'z' || i > 0 && (r >= '0' && r <= '9' || r == '+' || r == '.' || r == '-'))
	}
	found = found && within(scheme, 33) && len(scheme) > len(firstChars(scheme, 1))
	rest, slashes := strings.CutPrefix(rest, "//")
	return strings.TrimPrefix(rest, "/"), found && slashes
}

// delivered returns the path of a file on a network that serves packages, "" for any other location.
func delivered(location string) string {
	rest, found := cutFolded(location, "http")
	if secure, more := cutFolded(rest, "s"); more {
		rest = secure
	}
	rest, slashes := strings.CutPrefix(rest, "://")
	if !found || !slashes {
		return ""
	}
	for _, host := range deliveryNetworks {
		if path, found := cutFolded(rest, host); found && path != "" {
			return path
		}
	}
	return ""
}

// cutFolded cuts a prefix in lower case from a text in any case.
func cutFolded(text, prefix string) (string, bool) {
	rest := text
	for _, want := range prefix {
		first := firstChars(rest, 1)
		if first == "" || foldedASCII(firstRune(first)) != want {
			return text, false
		}
		rest = rest[len(first):]
	}
	return rest, true
}

// foldedASCII is the lower-case ASCII letter that Python's IGNORECASE takes a character for; four of them are not ASCII.
func foldedASCII(r rune) rune {
	switch {
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r == 'İ' || r == 'ı':
		return 'i'
	case r == 'ſ':
		return 's'
	case r == '\u212a': // the sign of the unit kelvin
		return 'k'
	}
	return r
}

// unquoted turns %41 into A, in every run of ASCII characters by itself; bytes that are no UTF-8 become U+FFFD.
func unquoted(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	var out strings.Builder
	for text != "" {
		end := strings.IndexFunc(text, func(r rune) bool { return r >= 0x80 })
		if end < 0 {
			end = len(text)
		}
		out.WriteString(decoded(unquotedBytes(text[:end])))
		text = text[end:]
		rest := strings.TrimLeftFunc(text, func(r rune) bool { return r >= 0x80 })
		out.WriteString(text[:len(text)-len(rest)])
		text = rest
	}
	return out.String()
}

func unquotedBytes(text string) string {
	first, rest, more := strings.Cut(text, "%")
	out := []byte(first)
	for more {
		var piece string
		piece, rest, more = strings.Cut(rest, "%")
		if value, err := hex.DecodeString(piece[:min(2, len(piece))]); err == nil && len(value) == 1 {
			out = append(append(out, value[0]), piece[2:]...)
		} else {
			out = append(append(out, '%'), piece...)
		}
	}
	return string(out)
}

func scriptPath(path string) string {
	path = strings.ReplaceAll(path, `\`, "/")
	start := strings.LastIndexByte(path, '/') + 1
	path = normalPath(path[:start] + withoutMixedHash(path[start:]))
	start = strings.LastIndexByte(path, '/') + 1
	return path[:start] + withoutScriptExtension(withoutHexHashes(path[start:]))
}
