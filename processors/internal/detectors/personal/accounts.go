package personal

import (
	"strings"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

const (
	accountName = `([^/\\` + blanks + `"'<>|:*?;,()\[\]{}` + "`" + `$&=#~%@]{1,64})`
	quotedName  = `\\?["'` + "`]" + accountName + `\\?["'` + "`]"
	assignedTo  = `(?:=["']?|\\?["'] ?: ?\\?["'])` + accountName
	// No form has more bytes.
	longestAccount = 768
)

// accountForm is a place where a name is printed; the pattern's group is the name.
type accountForm struct {
	literal string // must be in the text
	form    form
}

var (
	accountForms = []accountForm{
		// USER=ada, "LOGNAME": "ada"
		{"USER", newForm(`(?:USER|USERNAME)`+assignedTo, longestAccount, startsWith("USER"))},
		{"LOGNAME", newForm(`LOGNAME`+assignedTo, longestAccount, startsWith("LOGNAME"))},
		// uid=1000(ada); smaller numbers are the system's own
		{"id=", newForm(`[a-z]{0,2}id=(?:50[1-9]|[0-9]{4,10})\(`+accountName+`\)`, longestAccount, startsID)},
		// Failed password for invalid user ada from 203.0.113.7
		{" for ", newForm(`(?:Failed|Accepted) [a-z/-]{1,24} for (?:invalid user |illegal user )?`+accountName+` from(?:[^A-Za-z]|\z)`,
			longestAccount, startsWith("Failed ", "Accepted "))},
		{" user ", newForm(`(?:[Ii]nvalid|[Ii]llegal) user `+accountName+` from(?:[^A-Za-z]|\z)`, longestAccount,
			startsWith("Invalid", "invalid", "Illegal", "illegal"))},
		{" for user ", newForm(`session (?:opened|closed) for user `+accountName, longestAccount, startsWith("session "))},
		// password authentication failed for user "ada", Access denied for user 'ada'@'host'
		{"for user ", newForm(`for user `+quotedName, longestAccount, startsWith("for user "))},
		{"for user: ", newForm(`for user: `+quotedName, longestAccount, startsWith("for user: "))},
		// role "ada" does not exist
		{" ", newForm(`(?:[Rr]ole|[Uu]ser|[Ll]ogin) `+quotedName+` (?:does not exist|already exists|is not|is locked|has no)`, longestAccount,
			startsWith("Role ", "role ", "User ", "user ", "Login ", "login "))},
		// no pg_hba.conf entry for host "…", user "ada", database "…"
		{", user ", newForm(`, user `+quotedName+`, `, longestAccount, startsWith(", user "))},
	}
	// Prompts: "ada@laptop:~/src$ ls", "[ada@laptop src]$ ls".
	prompt = newForm(accountName+`@[A-Za-z0-9.-]{1,63}(?::[~/][^`+blanks+`$#]{0,100}[$#](?: |\n|\z)| [^\]\n@]{1,100}\][$#] )`, longestAccount,
		func(text string, at int) bool { return utf8.RuneStart(text[at]) })
)

// Nobody's: accounts of systems and services.
var systemAccounts = model.Words("root admin administrator system sys sa daemon nobody guest anonymous test tester service sudo" +
	" postgres postgresql mysql mariadb mongo mongodb redis oracle rabbitmq elastic kibana airflow" +
	" www www-data nginx apache http git docker debian centos fedora ec2-user opc azureuser pi" +
	" vagrant ansible deploy backup mail ftp sshd celery worker agent bot api web db readonly true false none null undefined unknown")

func accounts() []model.Trigger {
	return []model.Trigger{
		{
			Name: "account", Find: accountNamesIn,
			Pattern: `(?:USER|LOGNAME|USERNAME)(?:=|\\?["'] ?:)|id=[0-9]{3,10}\(|(?:for|nvalid|llegal|,) user|(?:Failed|Accepted) [a-z/-]+ for ` +
				`|(?:[Rr]ole|[Uu]ser|[Ll]ogin) \\?["'` + "`" + `]|@[A-Za-z0-9.-]+:[~/]|\][$#] `,
		},
		{
			Name: "announced", Find: announced,
			Pattern: `(?i)birth[ _-]?date|of birth|born on|\bdob\b|geburts|geboren am|naissance|nacimiento|nacid[oa] el|nascita|nascimento` +
				`|geboorted|-(?:macbook|imac|mac-?mini|mbp|iphone|ipad|laptop)|(?:desktop|laptop)-[a-z0-9]|wa\.me/|00[1-9][0-9]{0,2}[ /(-]` +
				`|(?:mnemonic|seed|recovery)(?:[ _-]?(?:phrase|words))?\\?["']?(?: ?[:=]| is )`,
		},
	}
}

func startsWith(heads ...string) func(text string, at int) bool {
	return func(text string, at int) bool {
		for _, head := range heads {
			if strings.HasPrefix(text[at:], head) {
				return true
			}
		}
		return false
	}
}

// startsID: up to two small letters, then id=.
func startsID(text string, at int) bool {
	for end := at; end <= at+2; end++ {
		if strings.HasPrefix(text[min(len(text), end):], "id=") {
			return true
		}
		if b := byteAt(text, end); b < 'a' || b > 'z' {
			return false
		}
	}
	return false
}

func accountNamesIn(scan *model.Scan, _ string) {
	text := scan.Text
	for _, one := range accountForms {
		if !strings.Contains(text, one.literal) {
			continue
		}
		one.form.each(text, func(found []int) {
			next := byteAt(text, found[1])
			if !isWord(byteAt(text, found[0]-1)) && next != '(' && next != '[' && isSomebody(text[found[2]:found[3]]) {
				scan.Add(found[2], found[3], "[user]")
			}
		})
	}
	if !strings.ContainsAny(text, "$#") {
		return
	}
	prompt.each(text, func(found []int) {
		start := found[0]
		if (start == 0 || strings.IndexByte(" \t\r\n[(\"'`>", text[start-1]) >= 0) && isSomebody(text[found[2]:found[3]]) {
			scan.Add(start, found[3], "[user]")
		}
	})
}

func isSomebody(name string) bool {
	return namesPerson(name) && !systemAccounts[model.Lower(name)] && !model.AllDigits(name)
}
