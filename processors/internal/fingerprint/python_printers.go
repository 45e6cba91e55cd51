package fingerprint

import (
	"regexp"
	"strings"
)

// Tracebacks as loguru and IPython print them, turned into the interpreter's own form.

const ipythonMark = "Traceback (most recent call last)\n"

var (
	spacedHeader  = regexp.MustCompile(`(Traceback \(most recent call last\):\n)\n((?:  |> )File ")`)
	ipythonHeader = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]{0,256} +Traceback \(most recent call last\)$`)
	ipythonFile   = regexp.MustCompile(`^File (.{1,1000}?):[0-9]{1,12}(?:, in ([^(\n]{1,512})\(.*)?$`)
	ipythonCell   = regexp.MustCompile(`^(?:Cell|Input) In ?\[[0-9]{1,9}\](?:, line [0-9]{1,12})?(?:, in ([^(\n]{1,512})\(.*|, in <[^\n]{1,64}>.*)?$`)
	ipythonOld    = regexp.MustCompile(`^([~/<][^\n]{0,1000}|[A-Za-z]:\\[^\n]{0,1000}) in (<module>|[A-Za-z_][^(\n]{0,512})(?:\(.*)?$`)
)

// asInterpreter returns the text with the header and frame lines that the interpreter would have printed; the same text if nobody else
// printed it.
func asInterpreter(text string) string {
	head := strings.Index(text, tracebackHeader)
	if head < 0 {
		if strings.Contains(text, ipythonMark) {
			return fromIPython(text)
		}
		return text
	}
	if _, found := cutAny(text[head+len(tracebackHeader):], "\n\n  File \"", "\n\n> File \""); found {
		return strings.ReplaceAll(spacedHeader.ReplaceAllString(text, "${1}${2}"), "\n> File \"", "\n  File \"")
	}
	return text
}

func fromIPython(text string) string {
	var lines []string
	inside := false
	for line := range strings.SplitSeq(text, "\n") {
		if ipythonHeader.MatchString(line) {
			inside = true
			lines = append(lines, tracebackHeader)
			continue
		}
		frame := ""
		if inside {
			frame = ipythonFrame(line)
		}
		if frame != "" {
			lines = append(lines, frame)
		} else if !inside || line != "" && strings.IndexByte(" \t-", line[0]) < 0 { // else a source line
			inside = false
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func ipythonFrame(line string) string {
	file, function := "", ""
	if cell := ipythonCell.FindStringSubmatch(line); cell != nil {
		file, function = "<ipython-input->", cell[1]
	} else if found := ipythonFile.FindStringSubmatch(line); found != nil {
		file, function = found[1], found[2]
	} else if found := ipythonOld.FindStringSubmatch(line); found != nil {
		file, function = found[1], found[2]
	} else {
		return ""
	}
	if function == "" {
		function = "<module>"
	}
	return pythonFrame + file + `", line 1, in ` + function
}
