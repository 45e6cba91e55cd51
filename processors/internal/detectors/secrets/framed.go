package secrets

import (
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/keys"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/pattern"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/secretvalues"
)

// Forms whose groups are the name and the value.
var framedForms = []*pattern.Pattern{
	pattern.New(`name=\\?"([\w.\-]{2,64})\\?"(?:\r?\n|\\r\\n|\\n)(?:[Cc]ontent-[^\n]{1,128}\n)?(?:\r?\n|\\r\\n|\\n)([^\r\n\\]{1,512})`, 0),
	pattern.New(`<[\w:.\-]{1,64}[ \t]{1,4}(?:name|key|id)=["']([\w.:\-]{2,128})["'][^<>]{0,128}>([^<>]{1,512})</`, 0),
	pattern.New(`<([\w:.\-]{2,64})[ \t\r\n]{1,4}[^<>]{1,256}[^<>/]>([^<>]{1,512})</`, 0),
	pattern.New(`<key>([\w.\- ]{2,64})</key>\s{0,64}<string>([^<>]{1,512})</string>`, 0),
}

// Names in a frame of their own before the value: forms of several parts, XML elements and property lists.
func frames() []model.Trigger {
	names := keys.Names()
	name := `(?:` + names.Secrets + `|` + names.Pairs + `)`
	return []model.Trigger{{
		// Nothing here waits over a long stretch: in one automaton with the others that would multiply its states.
		Name:    "framed",
		Pattern: `(?i)` + name + `[\w.\-]*(?:\\?"(?:>|\r|\n|\\r|\\n)|'>|</key>)|<(?:\w+:)?\w*` + name + `\w*[ \t\r\n]`,
		Find:    framed, Alone: true,
	}}
}

func framed(scan *model.Scan, _ string) {
	for _, form := range framedForms {
		for found := range form.All(scan.Text, 0, len(scan.Text)) {
			name := scan.Text[found[2]:found[3]]
			if denied(name[strings.LastIndexByte(name, ':')+1:]) && secretvalues.QuotedSecret(scan.Text[found[4]:found[5]], true) {
				scan.Add(found[4], found[5], "[secret]")
			}
		}
	}
}
