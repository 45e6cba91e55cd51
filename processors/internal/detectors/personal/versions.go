package personal

import (
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

var (
	versionWord = lazy(`(?:version|release|build|firmware|revision|sdk|driver|section|chapter|==|>=|<=|~=|(?:\A|[^a-z0-9])(?:ver\.?|rev|oid|rfc|v))` +
		`\\?["']? *[:=]? *\\?["'v(]?\n?\z`)
	// "numpy 1.26.4.1 installed": a name before, and after it what happens to programs.
	namedBefore = lazy("(?:\\A|[ \\t\\n(\"'`])([A-Za-z][A-Za-z0-9_.+-]{1,40}) \\n?\\z")
	isReleased  = lazy(`\A (?:is )?(?:installed|released|started|loaded|required|available|published|or (?:later|newer|higher))(?:[^A-Za-z]|\z)`)
	// "pkg@1.2.3.4", but not "ssh ada@1.2.3.4".
	loginBefore = lazy(`(?:(?:ssh|scp|sftp|rsync|mosh|telnet|ftp|login|user|as)(?: -[A-Za-z]{1,2}(?: [A-Za-z0-9_./~-]{1,40})?){0,3} ["']?` +
		`|(?::|//))\n?\z`)
)

var (
	noProgramNames = model.Words("ip ipv4 host from to at on by via and or is for with of server node peer address addr client dns proxy" +
		" gateway pod vm worker machine device router instance")
	accountNames = model.Words("root admin administrator ubuntu debian centos fedora pi user git postgres mysql deploy www app guest test sa" +
		" oracle redis ftp ip host")
	hostWords = model.Words("ip host peer addr")
	endWords  = model.Words("node src dst remote worker vm pod gw")
)

// isWide: no version counts that far, two of the last three numbers have three digits.
func isWide(octets []string) bool {
	wide := 0
	for _, octet := range octets[1:] {
		if len(octet) > 2 {
			wide++
		}
	}
	return wide > 1
}

// isVersion tells of four numbers that are the version of something: Chrome/120.0.0.0, v1.2.3.4, lib-1.2.3.4.jar, "version": "1.2.3.4",
// pkg@1.2.3.4, numpy 1.26.4.1 installed.
func isVersion(scan *model.Scan, octets []string, start, end int) bool {
	text := scan.Text
	before, after := byteAt(text, start-1), byteAt(text, end)
	if before != '/' && isWide(octets) {
		return false
	}
	if scan.Hint&model.Version != 0 {
		return !strings.HasSuffix(text[:start], "://")
	}
	if (after == '-' || after == '+') && isLetter(byteAt(text, end+1)) {
		return true
	}
	if before == '/' || before == '-' || before == '_' {
		return ofProduct(text, start, end)
	}
	if versionWord().MatchString(scan.Low[model.Back(scan.Low, start, 30):start]) {
		return true
	}
	return octets[0] != "10" && areLow(octets) && (ofRelease(text, start, end) || ofPackage(text, start, end))
}

func areLow(octets []string) bool {
	for _, octet := range octets {
		if len(octet) > 2 || len(octet) == 2 && octet >= "50" {
			return false
		}
	}
	return true
}

func ofProduct(text string, start, end int) bool {
	word := start - 1
	for word > 0 && start-1-word < 24 && (isLetter(text[word-1]) || text[word-1] == '_') {
		word--
	}
	product := strings.ToLower(text[word : start-1])
	// Java prints "host.example/192.0.2.1:443": a name with a dot or a port is no product.
	if product == "" || byteAt(text, word-1) == '.' || byteAt(text, end) == ':' || hostWords[product] {
		return false
	}
	return !endWords[product[strings.LastIndexByte(product, '_')+1:]] || byteAt(text, end) == '.' && model.IsAlnum(byteAt(text, end+1))
}

func ofRelease(text string, start, end int) bool {
	if !isReleased().MatchString(text[end:min(len(text), end+40)]) {
		return false
	}
	named := namedBefore().FindStringSubmatch(text[model.Back(text, start, 44):start])
	return named != nil && !noProgramNames[strings.ToLower(named[1])]
}

func ofPackage(text string, start, end int) bool {
	if byteAt(text, start-1) != '@' || byteAt(text, end) == ':' {
		return false
	}
	word := model.StartOfRun(text, start-1, model.Alnum+"_.-", 64)
	name := strings.ToLower(text[word : start-1])
	return name != "" && !accountNames[name] && !loginBefore().MatchString(text[model.Back(text, word, 150):word])
}
