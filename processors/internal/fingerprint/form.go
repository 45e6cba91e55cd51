package fingerprint

import (
	"slices"
	"strings"
)

// The canonical form: what one stack is reduced to before it is hashed. "T name" opens one member of a chain (its exception type),
// "A place:function" is an application frame, "L name" the first library below the last application frame, "F place:function" a library
// frame of a stack without application frames, "(" and ")" enclose one leaf of an exception group. The first line names the language.

const (
	framesKept  = 8 // the innermost ones: what called them from further out varies between installations
	membersKept = 8 // of one chain, the last ones printed
	nameLength  = 128
	unknown     = "?"
	dynamic     = "<dyn>"
)

// classEndings make a word an exception's name where no frame tells an exception line from any other text.
var classEndings = []string{
	"Error", "Exception", "Warning", "Exit", "Interrupt", "Group", "Iteration", "Timeout", "Fault", "error", "timeout",
}

type frameKind uint8

const (
	app     frameKind = iota // has a file path that is still to be made relative
	fixed                    // an application frame whose place is final
	hidden                   // dropped (module level, comprehension), but it ends the libraries above it
	library                  // code that somebody else wrote
)

// frame is one frame after classification: place is a path without extension in lower case or a fixed place such as "<dyn>", function is
// a bare name (empty for a library frame that only names its package), module the top package of a library frame.
type frame struct {
	kind                    frameKind
	place, function, module string
}

// part is one member of a chain: an exception with its own frames, outermost first; an exception group has leaves, maybe none.
type part struct {
	typeName string
	frames   []frame
	framed   bool
	group    bool
	leaves   [][]part
}

// style is what differs between languages: the first line of the form, and how a stack that overflowed is cut. overflow has the type
// names of "recursion too deep"; whole is true if the outermost frames of such a stack are printed, else only a window is seen.
type style struct {
	language string
	overflow map[string]bool
	whole    bool
}

var pythonStyle = style{"python", set("RecursionError"), true}

// identifier is true for ASCII letters, digits and underscore, and everything beyond ASCII: a rule that every language reads the same.
func identifier(name string) bool {
	for _, r := range name {
		if r != '_' && r < 0x80 && !isASCIIAlnum(r) {
			return false
		}
	}
	return name != ""
}

// typeName is the class name in "package.module.Outer.Name[Param]", or "?" where that is no identifier.
func typeName(printed string) string {
	name := afterLast(beforeFirst(printed, "["), ".")
	if !identifier(name) {
		return unknown
	}
	return firstChars(name, nameLength)
}

// bareType is name if it has an exception's ending, else "?".
func bareType(name string) string {
	for _, ending := range classEndings {
		if strings.HasSuffix(name, ending) {
			return name
		}
	}
	return unknown
}

// render makes the canonical form of a whole chain.
func render(chain []part, kind style) string {
	f := form{style: kind}
	f.read(chain)
	return strings.Join(append([]string{kind.language}, f.chainLines(chain)...), "\n")
}

// form is one form in the making. Its members share the directory that paths are relative to, and whether there is application code.
type form struct {
	style       style
	shared      sharedPlaces
	application bool
}

func (f *form) read(chain []part) {
	for _, member := range chain {
		for _, one := range member.frames {
			f.application = f.application || one.kind <= fixed
			if one.kind == app {
				f.shared.add(one.place)
			}
		}
		for _, leaf := range member.leaves {
			f.read(leaf)
		}
	}
}

func (f *form) chainLines(chain []part) []string {
	var blocks [][]string
	for _, member := range chain {
		if !member.framed && !member.group {
			continue
		}
		lines := f.memberLines(member)
		if len(blocks) == 0 || !slices.Equal(blocks[len(blocks)-1], lines) { // a retried call adds the same member for each attempt
			blocks = append(blocks, lines)
		}
	}
	if len(blocks) > 0 {
		return slices.Concat(blocks[max(len(blocks)-membersKept, 0):]...)
	}
	last := unknown
	if len(chain) > 0 {
		last = chain[len(chain)-1].typeName
	}
	return []string{"T " + bareType(last)}
}

func (f *form) memberLines(member part) []string {
	if member.group {
		return f.groupLines(member)
	}
	return f.partLines(member)
}

func (f *form) groupLines(group part) []string {
	framed := false
	var forms []string
	for _, leaf := range leavesOf(group) {
		framed = framed || slices.ContainsFunc(leaf, func(member part) bool { return member.framed })
		forms = append(forms, strings.Join(f.chainLines(leaf), "\n"))
	}
	slices.Sort(forms)
	var lines []string
	if !framed && group.framed {
		lines = f.partLines(group)
	}
	for _, one := range slices.Compact(forms) {
		lines = append(lines, "(", one, ")")
	}
	return lines
}

func (f *form) partLines(member part) []string {
	frames, below := applicationFrames(member.frames)
	lines := []string{"T " + member.typeName}
	switch {
	case len(frames) > 0:
		found := collapse(f.names(frames))
		if found.period > 0 && f.style.overflow[member.typeName] {
			return innermost(lines, "A ", overflowed(found, f.style))
		}
		lines = innermost(lines, "A ", found.kept)
	case !f.application:
		return innermost(lines, "F ", collapse(libraryNames(member.frames)).kept)
	}
	if below != "" {
		lines = append(lines, "L "+below)
	}
	return lines
}

func (f *form) names(frames []frame) []string {
	names := make([]string, len(frames))
	for i, one := range frames {
		place := one.place
		if one.kind == app {
			place = f.shared.relative(place)
		}
		names[i] = place + ":" + one.function
	}
	return names
}

// leavesOf lists the chains below a group that do not end in a group themselves: nesting is not part of the form.
func leavesOf(group part) [][]part {
	var found [][]part
	for _, chain := range group.leaves {
		if last := len(chain) - 1; last >= 0 && chain[last].group {
			found = append(found, leavesOf(chain[last])...)
		} else {
			found = append(found, chain)
		}
	}
	return found
}

func innermost(lines []string, mark string, names []string) []string {
	for _, name := range names[max(len(names)-framesKept, 0):] {
		lines = append(lines, mark+name)
	}
	return lines
}

func overflowed(found repeats, kind style) []string {
	if kind.whole {
		return found.kept[:found.end]
	}
	cycle := found.kept[found.end-found.period : found.end]
	smallest := cycle
	for i := range cycle {
		if turned := slices.Concat(cycle[i:], cycle[:i]); slices.Compare(turned, smallest) < 0 {
			smallest = turned
		}
	}
	return smallest
}

// applicationFrames returns the application frames, and the first library below the last one (hidden frames count as application here).
func applicationFrames(frames []frame) (kept []frame, below string) {
	for _, one := range frames {
		if one.kind == library {
			if below == "" {
				below = one.module
			}
			continue
		}
		below = ""
		if one.kind != hidden {
			kept = append(kept, one)
		}
	}
	return kept, below
}

// libraryNames are the names of the frames below the last one that is no library's.
func libraryNames(frames []frame) []string {
	start := 0
	for i, one := range frames {
		if one.kind != library {
			start = i + 1
		}
	}
	var names []string
	for _, one := range frames[start:] {
		if one.function != "" {
			names = append(names, one.place+":"+one.function)
		}
	}
	return names
}
