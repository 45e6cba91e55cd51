package secrets

import (
	"strings"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/pattern"
)

// program is a well-known program and its short flag with a password; glued: the value follows without a blank (-pVALUE), never apart.
type program struct {
	name, flag string
	glued      bool
}

var programForms = []program{
	{"mysql", "-p", true},
	{"mysqldump", "-p", true},
	{"mysqladmin", "-p", true},
	{"mysqlimport", "-p", true},
	{"mariadb", "-p", true},
	{"mariadb-dump", "-p", true},
	{"sshpass", "-p", false},
	{"docker login", "-p", false},
	{"podman login", "-p", false},
	{"helm registry login", "-p", false},
	{"oc login", "-p", false},
	{"az login", "-p", false},
	{"az acr login", "-p", false},
	{"cf login", "-p", false},
	{"nerdctl login", "-p", false},
	{"buildah login", "-p", false},
	{"skopeo login", "-p", false},
	{"mongo", "-p", false},
	{"mongosh", "-p", false},
	{"mongodump", "-p", false},
	{"mongorestore", "-p", false},
	{"redis-cli", "-a", false},
	{"ldapsearch", "-w", false},
	{"ldapadd", "-w", false},
	{"ldapmodify", "-w", false},
	{"sqlcmd", "-P", false},
	{"bcp", "-P", false},
	{"cqlsh", "-p", false},
	{"7z", "-p", true},
	{"7za", "-p", true},
	{"unzip", "-P", false},
	{"zip", "-P", false},
	{"clickhouse-client", "--password", false},
	{"rar", "-p", true},
	{"unrar", "-p", true},
	{"xfreerdp", "/p:", true},
	{"net use", "/user:", true},
	{"twine upload", "-p", false},
	{"influx", "-t", false},
	{"impala-shell", "-w", false},
	{"ipmitool", "-P", false},
	{"svn", "--password", false},
	{"nats", "--password", false},
	{"winexe", "-U", false},
	{"smbclient", "-U", false},
	{"rpcclient", "-U", false},
	{"evil-winrm", "-p", false},
	{"openssl enc", "-k", false},
}

// apartFlag is a flag whose value always stands apart: -kfile is another one.
const apartFlag = "-k"

const argumentsWindow = 1024

var shellWord = pattern.New(`(?:"[^"\n]{0,512}"|'[^'\n]{0,512}'|[^\s"'|&;]){1,512}`, pattern.Unicode)

func programTrigger() string {
	names, flags := make([]string, len(programForms)), make([]string, len(programForms))
	for index, form := range programForms {
		names[index], flags[index] = strings.ReplaceAll(form.name, " ", " +"), form.flag
	}
	return `(?:^|[^A-Za-z0-9_.-])(?:` + strings.Join(names, "|") + `)[ \t][^` + "\n" + `]*(?:` + strings.Join(distinct(flags), "|") + `)`
}

func programs(scan *model.Scan, _ string) {
	text := scan.Text
	for _, form := range programForms {
		for place, end := strings.Index(text, form.name), 0; place >= 0; place = indexFrom(text, form.name, end) {
			end = place + len(form.name)
			glued := place > 0 && (model.IsAlnum(text[place-1]) || isOneOf(text[place-1], "-_."))
			if !glued && (at(text, end) == ' ' || at(text, end) == '\t') {
				// Its words were all looked at: another mention among them has nothing new to say.
				end = arguments(scan, end, form)
			}
		}
	}
}

// arguments looks for the flag in the words after a program's name, up to the end of the command, which it returns.
func arguments(scan *model.Scan, start int, form program) int {
	stop := model.Forward(scan.Text, start, argumentsWindow)
	if end := strings.IndexAny(scan.Text[start:stop], "\n|;"); end >= 0 {
		stop = start + end
	}
	marks := false
	for found := range shellWord.All(scan.Text, start, stop) {
		place, word := found[0], scan.Text[found[0]:found[1]]
		if marks {
			markArgument(scan, place, word)
		}
		marks = word == form.flag && !form.glued
		if strings.HasPrefix(word, form.flag) && word != form.flag && (form.glued || form.flag != apartFlag && !strings.HasPrefix(word, "--")) {
			markArgument(scan, place+len(form.flag), word[len(form.flag):])
		}
	}
	return stop
}

func markArgument(scan *model.Scan, start int, word string) {
	if !model.AllDigits(word) || utf8.RuneCountInString(word) > 3 {
		markWord(scan, start, word, "[secret]")
	}
}
