package personal

import (
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

const (
	// Blanks of every script, as a class of characters.
	blanks = `\t-\r\x1c- \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}`
	// One character of a user's name.
	nameCharacter = `[^/\\` + blanks + `"'<>|:*?;,()\[\]{}` + "`" + `$&=#~%]`
	// No match has more bytes, and none more before the word home or Users.
	longestPath, longestMount = 512, 200
)

// An optional drive, server or mount point, then home or Users, then one name.
var (
	posixHome = newForm(`(?:/(?:usr|export|var|mnt|nfs|net(?:/[A-Za-z0-9_.-]{1,40})?|data[0-9]?|srv|gpfs|lustre|afs|private(?:/`+
		`var)?|media|cygdrive/[a-z]|run/media|vol[0-9]{0,40}|volume[0-9]{0,40}|Volumes/[^/`+blanks+`"']{1,40}|mnt/[a-z]|[a-z]))?`+
		`/(?:home[0-9]?|Users)/(`+nameCharacter+`{1,64})`, longestPath, startsPosixHome)
	// Further words of a name, as long as a folder follows: "/Users/Ada Lovelace/src", but not "/home/ada is full".
	moreWords   = lazy(`\A(?: [A-Z]` + nameCharacter + `{0,31}|(?:%20|\\ )` + nameCharacter + `{1,32}){1,3}`)
	windowsHome = newForm(`(?:[A-Za-z]:|[\\/]{2,4}[A-Za-z0-9._$-]{1,63}(?:[\\/]{1,2}[A-Za-z0-9._]{1,15}\$?)?)?[\\/]{1,4}`+
		`(?:[Uu]sers|USERS|[Hh]ome|[Dd]ocuments and [Ss]ettings|[Pp]rofiles)[\\/]{1,4}`+
		`(`+nameCharacter+`(?:[^/\\\n\r"'<>|:*?]{0,62}[^/\\`+blanks+`"'<>|:*?;,)\]}])?)`, longestPath, startsWindowsHome)
	encodedHome = newForm(`(?:[A-Za-z]%3[Aa])?(?:%2[Ff]|%5[Cc]){1,3}(?:home|[Uu]sers)(?:%2[Ff]|%5[Cc]){1,2}([A-Za-z0-9._-]{1,64})`, 100,
		func(text string, at int) bool { return text[at] == '%' || byteAt(text, at+1) == '%' })
	afterScheme = lazy(`(?:file|sftp|ssh|scp|smb|nfs|afp|rsync|vscode-remote|dav):/{1,3}[A-Za-z0-9_.@:+-]{0,64}\n?\z`)
)

// Not people: shared folders and the accounts of containers and build machines.
var sharedNames = map[string]bool{
	"shared": true, "public": true, "default": true, "all": true, "all users": true, "default user": true, "runner": true,
	"runneradmin": true, "vsts": true, "circleci": true, "travis": true, "jenkins": true, "linuxbrew": true, "lost+found": true,
	"user": true, "username": true, "you": true, "me": true, "name": true, "app": true, "node": true, "ubuntu": true, "vscode": true,
	"codespace": true, "coder": true, "jovyan": true, "sandbox": true,
}

func paths() []model.Trigger {
	return []model.Trigger{
		{Name: "home", Pattern: `/home[0-9]?/[^/\s]|/Users/[^/\s]`, Find: posixHomes, Alone: true},
		{
			Name: "windows-home", Find: windowsHomes, Alone: true,
			Pattern: `(?i)(?:[\\][\\/]*|:/)(?:users|home|documents and settings|profiles)[\\/]+[^\\/\s]`,
		},
		{Name: "encoded-home", Pattern: `(?i)(?:%2f|%5c)(?:home|users)(?:%2f|%5c)`, Find: encodedHomes, Alone: true},
	}
}

func startsPosixHome(text string, at int) bool {
	if text[at] != '/' {
		return false
	}
	near := text[at:min(len(text), at+longestMount)]
	return strings.Contains(near, "/home") || strings.Contains(near, "/Users")
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
		start, end := found[0], found[1]
		if !startsPath(text, start) || isRoute(text, start) || !namesPerson(text[found[2]:found[3]]) {
			return
		}
		if more := moreWords().FindStringIndex(text[end:min(len(text), end+longestPath)]); more != nil && byteAt(text, end+more[1]) == '/' {
			end += more[1]
		}
		scan.Add(found[2], end, "~")
	})
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
	return !sharedNames[model.Lower(name)] && strings.ContainsFunc(name, model.IsLetterOrNumber)
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
