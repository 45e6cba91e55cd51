package personal

import (
	"strings"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

const (
	// Blanks of every script, as a class of characters.
	blanks = `\t-\r\x1c- \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}`
	// One character of a user's name.
	nameCharacter = `[^/\\` + blanks + `"'<>|:*?;,()\[\]{}` + "`" + `$&=#~%]`
	// One folder below which bulk storage is mounted.
	mountPart = `[A-Za-z0-9_.-]{1,40}`
	// Mount points; bulk storage is mounted under names of its own.
	mounts = `usr(?:/local)?|var|mnt|data[0-9]?|srv|opt|scratch|private(?:/var)?|media|cygdrive/[a-z]|run/media|vol[0-9]{0,40}` +
		`|volume[0-9]{0,40}|Volumes/[^/` + blanks + `"']{1,40}|mnt/[a-z]|[a-z]|System/Volumes/Data|Library|Workspace` +
		`|proc/[0-9a-z]{1,10}/(?:cwd|root)|(?:gpfs|lustre|nfs|net|afs|ceph|beegfs|cluster|storage|nas|export)(?:/` + mountPart + `){0,2}`
	// No match has more bytes, and none more before the word home or Users.
	longestPath, longestMount = 512, 200
)

// An optional mount point, then home or Users, then one name. Bulk storage has folders called users.
var (
	posixHome = newForm(`(?:(?:/(?:`+mounts+`))?/(?:homes?[0-9]?|Users)`+
		`|/(?:scratch|(?:gpfs|lustre|nfs|net|afs|ceph|beegfs|cluster)(?:/`+mountPart+`){0,2}|var/lib/jupyter)/users`+
		`|/var/(?:spool/)?mail|/var/spool/cron/crontabs|/nix/var/nix/(?:profiles|gcroots)/per-user)/(`+nameCharacter+`{1,64})`,
		longestPath, startsPosixHome)
	homeBelow  = lazy(`\A/(` + nameCharacter + `{1,64})`)
	homeDomain = lazy(`\A[A-Za-z0-9_-].{0,60}\.(?:com|org|net|edu|gov|int|local|lan|corp|internal|intra|intranet|example|test)\z`)
	pytestOf   = newForm(`pytest-of-(`+nameCharacter+`{1,64})`, longestPath,
		func(text string, at int) bool { return strings.HasPrefix(text[at:], "pytest-of-") })
	// Pages and sources lie in folders called home too; no name ends like that.
	fileName = lazy(`\.(?:html?|php|aspx?|jsx?|tsx?|mjs|vue|css|scss|py|rb|go|java|json|ya?ml|md|txt|xml|svg|png)\z`)
	// Words before a bundler's name for the folder of sources: import x from "@/home/page".
	importOf = lazy(`(?:from|import|require|resolve|module|mock) ?\(? ?\\?["']@\z`)
	// Further words of a name, as long as a folder follows: "/Users/Ada Lovelace/src", but not "/home/ada is full".
	moreWords   = lazy(`\A(?: [A-Z]` + nameCharacter + `{0,31}|(?:%20|\\ )` + nameCharacter + `{1,32}){1,3}`)
	windowsHome = newForm(`(?:[A-Za-z]:|[\\/]{2,4}[A-Za-z0-9._$-]{1,63}(?:[\\/]{1,2}[A-Za-z0-9._]{1,15}\$?)?)?[\\/]{1,4}`+
		`(?:[Uu]sers|USERS|[Hh]omes?\$?|[Dd]ocuments and [Ss]ettings|[Pp]rofiles)[\\/]{1,4}`+
		`(`+nameCharacter+`(?:[^/\\\n\r"'<>|:*?]{0,62}[^/\\`+blanks+`"'<>|:*?;,)\]}])?)`, longestPath, startsWindowsHome)
	encodedHome = newForm(`(?:[A-Za-z]%3[Aa])?(?:%2[Ff]|%5[Cc]){1,3}(?:home|[Uu]sers)(?:%2[Ff]|%5[Cc]){1,2}([A-Za-z0-9._-]{1,64})`, 100,
		func(text string, at int) bool { return text[at] == '%' || byteAt(text, at+1) == '%' })
	afterScheme = lazy(`(?:file|sftp|ssh|scp|smb|nfs|afp|rsync|vscode-remote|dav|webpack|webpack-internal|s3[an]?|gs|hdfs|abfss?|wasbs?|dbfs)` +
		`:/{1,3}[A-Za-z0-9_.@:+-]{0,64}\n?\z`)
)

// Between home and the name: the kind of people.
var homeGroups = model.Words("users corp staff students student faculty people members employees domain ldap local guests home homes")

// Not people: shared folders and the accounts of containers and build machines.
var sharedNames = map[string]bool{
	"shared": true, "public": true, "default": true, "all": true, "all users": true, "default user": true, "runner": true,
	"runneradmin": true, "vsts": true, "circleci": true, "travis": true, "jenkins": true, "linuxbrew": true, "lost+found": true,
	"user": true, "username": true, "you": true, "me": true, "name": true, "app": true, "node": true, "ubuntu": true, "vscode": true,
	"codespace": true, "coder": true, "jovyan": true, "sandbox": true,
}

func paths() []model.Trigger {
	return []model.Trigger{
		{
			Name: "home", Find: posixHomes, Alone: true,
			Pattern: `/homes?[0-9]?/[^/\s]|/[Uu]sers/[^/\s]|/var/(?:spool/)?mail/[^/\s]|/cron/crontabs/[^/\s]|/per-user/[^/\s]|pytest-of-[^/\s]`,
		},
		{
			Name: "windows-home", Find: windowsHomes, Alone: true,
			Pattern: `(?i)(?:[\\][\\/]*|:/)(?:users|homes?\$?|documents and settings|profiles)[\\/]+[^\\/\s]`,
		},
		{Name: "encoded-home", Pattern: `(?i)(?:%2f|%5c)(?:home|users)(?:%2f|%5c)`, Find: encodedHomes, Alone: true},
	}
}

func startsPosixHome(text string, at int) bool {
	if text[at] != '/' {
		return false
	}
	near := text[at:min(len(text), at+longestMount)]
	for _, word := range []string{"/home", "/Users", "/users/", "/mail/", "/crontabs/", "/per-user/"} {
		if strings.Contains(near, word) {
			return true
		}
	}
	return false
}

func startsWindowsHome(text string, at int) bool {
	drive := isLetter(text[at]) && byteAt(text, at+1) == ':' && isSlash(byteAt(text, at+2))
	if !drive && !isSlash(text[at]) {
		return false
	}
	near := text[at:min(len(text), at+longestMount)]
	for _, word := range []string{"sers", "SERS", "ome", "ettings", "rofiles"} {
		if strings.Contains(near, word) {
			return true
		}
	}
	return false
}

func isSlash(b byte) bool { return b == '/' || b == '\\' }

func posixHomes(scan *model.Scan, _ string) {
	if scan.Hint&model.URLPath != 0 {
		return
	}
	text := scan.Text
	posixHome.each(text, func(found []int) {
		if start := found[0]; startsPath(text, start) && !isRoute(text, start) && !isAlias(text, start) {
			markHome(scan, found[2], found[1])
		}
	})
	if !strings.Contains(text, "pytest-of-") {
		return
	}
	pytestOf.each(text, func(found []int) {
		if name := text[found[2]:found[3]]; namesPerson(name) && name != "root" && name != "unknown" {
			scan.Add(found[2], found[1], "~")
		}
	})
}

func markHome(scan *model.Scan, start, end int) {
	text := scan.Text
	name := text[start:end]
	below := homeBelow().FindStringSubmatchIndex(text[end:min(len(text), end+longestPath)])
	if below != nil && isGroup(name, text[end+below[2]:end+below[3]]) {
		switch {
		case namesPerson(text[end+below[2] : end+below[3]]):
			end += below[1]
		case !homeDomain().MatchString(name):
			return
		}
	} else if !namesPerson(name) {
		return
	}
	if more := moreWords().FindStringIndex(text[end:min(len(text), end+longestPath)]); more != nil && byteAt(text, end+more[1]) == '/' {
		end += more[1]
	}
	scan.Add(start, end, "~")
}

// isGroup: /home/staff/ada, /home/a/ada, /home/ad.example.com/ada.
func isGroup(name, below string) bool {
	if utf8.RuneCountInString(name) == 1 {
		return len(below) > len(name) && strings.HasPrefix(below, name)
	}
	return homeGroups[name] || homeDomain().MatchString(name)
}

// isAlias: in import x from "@/home/page" the sign is the bundler's name for the folder of sources.
func isAlias(text string, start int) bool {
	return byteAt(text, start-1) == '@' && importOf().MatchString(text[model.Back(text, start, 20):start])
}

// startsPath tells whether a path can begin there, unlike inside of another one or of an address.
func startsPath(text string, start int) bool {
	if start == 0 || strings.IndexByte(" \t\n\r\"'`=:([{<,;>|@!&~\\", text[start-1]) >= 0 {
		return true
	}
	before := text[model.Back(text, start, 90):start]
	return strings.HasSuffix(before, "..") || afterScheme().MatchString(before)
}

func namesPerson(name string) bool {
	return !sharedNames[model.Lower(name)] && !fileName().MatchString(name) && strings.ContainsFunc(name, model.IsLetterOrNumber)
}

// isRoute: "GET /home/news" is an address of a web site.
func isRoute(text string, start int) bool {
	if byteAt(text, start-1) != ' ' {
		return false
	}
	before := strings.TrimRight(text[model.Back(text, start, 7):start], " ")
	for _, method := range []string{"GET", "POST", "PUT", "HEAD", "PATCH", "DELETE", "OPTIONS"} {
		if strings.HasSuffix(before, method) {
			return true
		}
	}
	return false
}

func windowsHomes(scan *model.Scan, _ string) {
	text := scan.Text
	windowsHome.each(text, func(found []int) {
		start, end := found[0], found[1]
		if !strings.Contains(text[start:end], `\`) && byteAt(text, start+1) != ':' || model.IsAlnum(byteAt(text, start-1)) {
			return
		}
		name := text[found[2]:found[3]]
		// A blank belongs to the name only when a folder follows: "C:\Users\ada is full".
		if blank := strings.IndexByte(name, ' '); blank >= 0 && !isSlash(byteAt(text, end)) {
			end -= len(name) - blank
		}
		if namesPerson(text[found[2]:end]) {
			scan.Add(found[2], end, "~")
		}
	})
}

func encodedHomes(scan *model.Scan, _ string) {
	encodedHome.each(scan.Text, func(found []int) {
		if namesPerson(scan.Text[found[2]:found[3]]) {
			scan.Add(found[2], found[1], "~")
		}
	})
}
