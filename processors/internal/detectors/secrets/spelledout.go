package secrets

import (
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/pattern"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/secretvalues"
)

// spelledForm is a pattern whose first group is the secret; proved: the place alone proves it.
type spelledForm struct {
	pattern *pattern.Pattern
	proved  bool
}

var spelledForms = []spelledForm{
	{pattern.New(`machine\s{1,4}[^\s]{1,253}\s{1,8}login\s{1,4}[^\s]{1,128}\s{1,8}password\s{1,4}([^\s]{2,256})`, 0), true},
	{pattern.New(`echo[ \t]{1,4}(?:-n[ \t]{1,4})?["']?[^\s"'|:]{1,64}:([^\s"'|]{2,256})["']?[ \t]{0,4}\|[ \t]{0,4}(?:sudo[ \t]{1,4})?chpasswd`, 0), true},
	{pattern.New(`(?:echo|printf)[ \t]{1,4}(?:-n[ \t]{1,4})?["']?([^\s"'|]{2,512})["']?[ \t]{0,4}\|[^|\n]{1,256}--(?:password-stdin|with-token)`, 0), true},
	{pattern.New(`--(?:password-stdin|with-token)[ \t]{0,4}<<<[ \t]{0,4}["']?([^\s"']{2,512})`, 0), true},
	{pattern.New(`ConvertTo-SecureString[ \t]{1,4}(?:-String[ \t]{1,4})?["']([^"'\n]{2,256})["']`, 0), true},
	{pattern.New(`USER [^\s]{1,64}\r?\n(?:[^\n]{0,128}\n)?[^\nA-Za-z]{0,8}PASS ([^\s]{2,128})`, 0), true},
	{pattern.New(`(?:sqlplus|sqlldr|expdp|impdp)[ \t]{1,4}(?:-[A-Za-z]{1,4}[ \t]{1,4}){0,3}["']?[A-Za-z][\w$#]{0,64}/([^\s@/"']{2,128})@`, 0), true},
	{pattern.New(`jdbc:oracle:[a-z0-9]{2,8}:[A-Za-z][\w$#]{0,64}/([^\s@/"']{2,128})@`, 0), true},
	{pattern.New(`\bAUTH (?:(?:PLAIN|LOGIN|XOAUTH2|[a-z][a-z0-9_.-]{1,31}) )?["']?([^\s"']{6,512})`, 0), false},
	{pattern.New(`\b[A-Za-z0-9_.*-]{1,253}:(?:[0-9]{4,5}|\*):[^:\s]{1,63}:[^:\s]{1,63}:([^:\s]{6,128})`, 0), false},
}

// Credentials in a place of their own: .netrc and .pgpass lines, shell pipes, FTP, Redis and SMTP commands, Oracle log-ins.
func spelledOuts() []model.Trigger {
	return []model.Trigger{
		{
			Name: "spelled-out",
			Pattern: `machine\s+[^\s]+\s+login\s|\|\s*(?:sudo\s+)?chpasswd|--password-stdin|--with-token|ConvertTo-SecureString\s|[^A-Za-z]PASS [^\s]` +
				`|(?:sqlplus|sqlldr|expdp|impdp)\s|jdbc:oracle:|\bAUTH [^\s]`,
			Find: spelledOut, Alone: true,
		},
		{
			Name: "pgpass", Pattern: `:(?:[0-9]{4,5}|\*):[^:\s]+:[^:\s]+:[^:\s]`,
			Find: spelledOut, Argument: "pgpass", Alone: true,
		},
	}
}

func spelledOut(scan *model.Scan, argument string) {
	forms := spelledForms[:len(spelledForms)-1]
	if argument != "" {
		forms = spelledForms[len(spelledForms)-1:]
	}
	for _, form := range forms {
		for found := range form.pattern.All(scan.Text, 0, len(scan.Text)) {
			value := scan.Text[found[2]:found[3]]
			if secretvalues.IsPlaceholder(value) {
				continue
			}
			if form.proved || secretvalues.LooksChosen(value) || model.IsASCII(value) && secretvalues.LooksRandom(value, 16) {
				scan.Add(found[2], found[3], "[secret]")
			}
		}
	}
}
