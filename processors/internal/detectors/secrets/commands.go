package secrets

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/keys"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/pattern"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/secretvalues"
)

const (
	userTrigger = `(?:-u|--user|--proxy-user|-U|--auth|-a)(?:[ \t]+|=|["'], ?)[^\s]*:|[ \t]-u[^\s:="'-][^\s:"']*:[^\s]`
)

// Command lines: passwords after flags, user:password after -u, the short flags of well-known programs (programs.go).
func commands() []model.Trigger {
	names := keys.Names()
	denied := `(?i)(?:^|[\s"'])--?[a-z0-9_.\-]*(?:` + names.Secrets + `|` + names.Pairs + `|` + names.Ends + `)[a-z0-9_.\-]*` +
		`(?:[ \t]+[^\s\-]|["'], ?["'])`
	return []model.Trigger{
		{Name: "flag", Pattern: denied, Find: flags, Alone: true},
		{Name: "user-flag", Pattern: userTrigger, Find: users, Alone: true},
		{Name: "pass-source", Pattern: `-pass(?:in|out)?[ =]+["']?pass:`, Find: passSources, Alone: true},
		{Name: "program", Pattern: programTrigger(), Find: programs, Alone: true},
	}
}

var (
	flagForm = pattern.New(`--?([A-Za-z][A-Za-z0-9_.\-]{1,48})[ \t]{1,4}`+
		`((?:"[^"\n]{0,256}"|'[^'\n]{0,256}'|[^\s"'|&;<>-][^\s"'|&;<>]{0,255}))`, 0)
	listFlag = pattern.New(`["']--?([A-Za-z][A-Za-z0-9_.\-]{1,48})["'], ?["']([^"'\n]{1,256})["']`, 0)
	userForm = pattern.New(`(?:-u|--user|--proxy-user|-U|--auth|-a)(?:[ \t]{1,4}|=|(?:["'], ?))(?:\\?)`+
		`((?:"[^"\n]{0,256}"|'[^'\n]{0,256}'|[^\s"'|&;<>]){1,512})`, 0)
	gluedUser = pattern.New(`[ \t]-u([^\s"'|&;<>:=-][^\s"'|&;<>:]{0,128}:[^\s"'|&;<>]{1,256})`, 0)
	// Programs whose -u, -U and -a take an account with its password. With others (docker exec -u, date -u, cp -a) only what looks like a
	// password is one.
	client = pattern.New(`(?:^|[^A-Za-z0-9_.-])(?:curl|https?|xh|wget|httpie|curlie|aria2c|ffmpeg|smbclient|winexe|rpcclient|net|hey|siege`+
		`|elasticdump|mosquitto_(?:pub|sub)`+
		`|svn|lftp|ncftp(?:get|put)?|snmp[a-z]{2,8}|ldap[a-z]{3,8}|influx|sqlcmd|psql|mysql[a-z]{0,8})(?:\.exe)?["' \t,]`, 0)
	userPair   = pattern.New(`["']?([^:]{0,256}):(.{1,256})`, pattern.DotAll)
	passSource = pattern.New(`-pass(?:in|out)?[ =]{1,4}["']?pass:([^\s"']{2,256})`, 0)
)

func flags(scan *model.Scan, _ string) {
	text := scan.Text
	for _, form := range []*pattern.Pattern{flagForm, listFlag} {
		for found := range form.All(text, 0, len(text)) {
			hint := keys.HintOf(text[found[2]:found[3]])
			keyed := hint&model.Keyed != 0 && secretvalues.LooksIssued(strings.Trim(text[found[4]:found[5]], `"'`))
			if hint&model.Denied != 0 || keyed {
				markWord(scan, found[4], text[found[4]:found[5]], "[secret]")
			}
		}
	}
}

// markWord marks a shell word without its quotes; placeholders and flags stay.
func markWord(scan *model.Scan, start int, word, replacement string) {
	bare := word
	if len(word) > 1 && isOneOf(word[0], `"'`) && word[len(word)-1] == word[0] {
		start, bare = start+1, word[1:len(word)-1]
	}
	bare = strings.TrimRight(bare, `\`)
	if utf8.RuneCountInString(bare) < 2 || secretvalues.IsPlaceholder(bare) ||
		strings.HasPrefix(bare, "--") || strings.HasPrefix(bare, "$(") || bare[0] == '[' {
		return
	}
	scan.Add(start, start+len(bare), replacement)
}

const clientWindow = 512

// ofClient tells whether such a program, of those that end at some places, stands before a place in its line, which a backslash
// continues.
func ofClient(scan *model.Scan, clients []int, place int) bool {
	last := sort.SearchInts(clients, place+1) - 1
	if last < 0 || clients[last] <= scan.Back(place, clientWindow) {
		return false
	}
	return !strings.Contains(strings.ReplaceAll(scan.Text[clients[last]:place], "\\\n", ""), "\n")
}

func users(scan *model.Scan, _ string) {
	text := scan.Text
	var clients []int
	for found := range client.All(text, 0, len(text)) {
		clients = append(clients, found[1])
	}
	for found := range gluedUser.All(text, 0, len(text)) {
		word := text[found[2]:found[3]]
		if !secretvalues.IsPlaceholder(word) && ofClient(scan, clients, found[0]+1) {
			markWord(scan, found[2], word, "[credentials]")
		}
	}
	for found := range userForm.All(text, 0, len(text)) {
		word := text[found[2]:found[3]]
		if model.IsAlnum(at(text, found[0]-1)) || strings.HasPrefix(strings.TrimLeft(word, `"'`), "-") {
			continue
		}
		account := strings.TrimRight(word, `"'`)
		pair, ok := userPair.Whole(account)
		if !ok {
			tokenUser(scan, found[2], word)
			continue
		}
		name, password := account[pair[2]:pair[3]], account[pair[4]:pair[5]]
		if !secretvalues.IsPlaceholder(strings.Trim(word, `"'`)) && isAccount(scan, clients, found[0], name, password) {
			markWord(scan, found[2], word, "[credentials]")
		}
	}
}

func isAccount(scan *model.Scan, clients []int, place int, name, password string) bool {
	if model.AllDigits(name) && model.AllDigits(password) ||
		strings.HasPrefix(password, "//") || password[0] == '$' || password[0] == '<' {
		return false
	}
	if strings.HasPrefix(scan.Text[place:], "--") && name != password {
		return true
	}
	return secretvalues.LooksChosen(password) || ofClient(scan, clients, place)
}

// tokenUser takes curl -u "token:", where the token stands in the place of the user.
func tokenUser(scan *model.Scan, start int, word string) {
	bare := strings.Trim(word, `"'`)
	if strings.HasSuffix(bare, ":") && utf8.RuneCountInString(bare) > 8 && !secretvalues.IsPlaceholder(strings.TrimRight(bare, ":")) {
		markWord(scan, start, word, "[credentials]")
	}
}

func passSources(scan *model.Scan, _ string) {
	for found := range passSource.All(scan.Text, 0, len(scan.Text)) {
		markWord(scan, found[2], scan.Text[found[2]:found[3]], "[secret]")
	}
}

// distinct returns the words sorted, each once.
func distinct(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}
