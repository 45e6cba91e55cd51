package fingerprint

import (
	"slices"
	"strings"
)

// Go stacks: a crash with its goroutine dump, runtime.Stack and debug.Stack, and "%+v" of an error of pkg/errors.

const (
	goOverflow = "stack_overflow"
	goPanic    = "panic"
)

var goStyle = style{"go", set(goOverflow), true}

// goChain returns one part for a goroutine dump (its first goroutine); one for each stack of a wrapped error, in print order.
func goChain(text string, packages []string) []part {
	start, end := firstGoroutine(text)
	if start < 0 {
		return wrappedErrors(strings.Split(text, "\n"), packages)
	}
	kind := panicType(text[:start])
	frames, panicked := goroutine(strings.TrimLeft(text[end:], "\n"), packages, kind == goOverflow)
	if kind == unknown && panicked {
		kind = goPanic
	}
	slices.Reverse(frames)
	return []part{{typeName: kind, frames: frames, framed: true}}
}

// firstGoroutine finds the first line "goroutine N [state]:".
func firstGoroutine(text string) (start, end int) {
	for line := range strings.SplitSeq(text, "\n") {
		end = start + len(line)
		if goroutineLine(line) {
			return start, end
		}
		start = end + 1
	}
	return -1, -1
}

func goroutineLine(line string) bool {
	line, found := strings.CutPrefix(strings.Trim(line, " \t"), "goroutine ")
	if !found {
		return false
	}
	if line, found = afterDigits(line, 20); !found {
		return false
	}
	if rest, found := afterWord(line, " gp="); found {
		if rest, found = afterWord(rest, " m="); !found {
			return false
		}
		line = rest
		if rest, found = afterWord(rest, " mp="); found {
			line = rest
		}
	}
	state, opens := strings.CutPrefix(line, " [")
	state, closes := strings.CutSuffix(state, "]:")
	return opens && closes && state != "" && within(state, 200) && !strings.Contains(state, "]")
}

// afterWord cuts a name and its value of up to 32 characters.
func afterWord(line, name string) (string, bool) {
	rest, named := strings.CutPrefix(line, name)
	rest, valued := afterRun(rest, func(r rune) bool { return !isSpace(r) }, 32)
	return rest, named && valued
}

// goroutine reads the frames of one goroutine, innermost first, without the deferred function that printed them and without its creator.
func goroutine(text string, packages []string, overflow bool) (frames []frame, panicked bool) {
	function, rest, more := strings.Cut(text, "\n")
	located := isLocation(function)
	for more {
		var below string
		below, rest, more = strings.Cut(rest, "\n")
		bare := stripLeft(function)
		if bare == "" || strings.HasPrefix(bare, "created by ") {
			break
		}
		if overflow && elided(function) {
			frames = nil // only the outermost frames lie before the recursion, whatever its depth
		}
		file, found := location(below)
		switch {
		case !found || located:
		case strings.HasPrefix(bare, "panic("):
			frames, panicked = nil, true // everything above was called by the panic, not by the program
		default:
			frames = appendGoFrame(frames, strip(function), file, packages)
		}
		function, located = below, found
	}
	return frames, panicked
}

// wrappedErrors reads "%+v": a message, its stack (innermost first), the message that wraps it, its stack, and so on.
func wrappedErrors(lines []string, packages []string) []part {
	var parts []part
	var block []frame
	ended := func() {
		if len(block) > 0 {
			slices.Reverse(block)
			parts = append(parts, part{typeName: "error", frames: block, framed: true})
			block = nil
		}
	}
	for i := 0; i < len(lines); i++ {
		if i+1 < len(lines) && !isSpace(firstRune(lines[i])) {
			if file, found := location(lines[i+1]); found {
				block = appendGoFrame(block, strip(lines[i]), file, packages)
				i++
				continue
			}
		}
		ended()
	}
	ended()
	return parts
}

func isLocation(line string) bool {
	_, found := location(line)
	return found
}

// location reads "FILE.go:LINE +0xOFFSET"; FILE may imitate what follows it.
func location(line string) (file string, found bool) {
	bare, indented := cutBlanks(line)
	if !indented || isSpace(firstRune(bare)) {
		return "", false
	}
	text := strings.TrimRight(bare, " \t")
	for end := strings.LastIndexByte(bare, ':'); end > 0; end = strings.LastIndexByte(bare[:end], ':') {
		if hasGoExtension(bare[:end]) && end+1 < len(text) && positionEnds(text[end+1:]) {
			return bare[:end], true
		}
	}
	return "", false
}

func hasGoExtension(file string) bool {
	window := file[max(len(file)-len(".cpp"), 0):]
	_, extension, found := cutLast(window, ".")
	if !found || len(extension)+1 == len(file) {
		return false
	}
	switch extension {
	case "go", "s", "c", "cc", "cpp":
		return true
	}
	return false
}

// positionEnds reads "LINE +0xOFFSET fp=…" up to the end.
func positionEnds(text string) bool {
	text, found := afterDigits(text, 9)
	if !found {
		return false
	}
	if offset, found := strings.CutPrefix(text, " +0x"); found {
		text, found = afterRun(offset, func(r rune) bool { return r < 0x80 && isHex(byte(r)) }, 16)
		if !found {
			return false
		}
	}
	pointer, found := strings.CutPrefix(text, " fp=")
	return text == "" || found && within(pointer, 200)
}

// elided reads "...23 frames elided...".
func elided(line string) bool {
	line, _ = cutBlanks(line)
	line, found := strings.CutPrefix(line, "...")
	if !found {
		return false
	}
	if rest, counted := afterDigits(line, 9); counted {
		return strings.HasPrefix(rest, " frames elided...")
	}
	return strings.HasPrefix(line, "additional frames elided...")
}
