package fingerprint

import "strings"

// message is the beginning of one of the runtime's own errors, which differ in numbers; name is the type it makes.
type message struct{ start, name string }

var (
	runtimeErrors = []message{
		{"index out of range", "index_out_of_range"},
		{"slice bounds out of range", "slice_bounds_out_of_range"},
		{"invalid memory address or nil pointer dereference", "nil_dereference"},
		{"integer divide by zero", "divide_by_zero"},
		{"integer overflow", "integer_overflow"},
		{"hash of unhashable type", "unhashable_type"},
		{"comparing uncomparable type", "uncomparable_type"},
		{"makeslice", "makeslice"},
		{"growslice", "growslice"},
		{"makechan", "makechan"},
		{"negative shift amount", "negative_shift"},
		{"cannot convert slice", "slice_conversion"},
	}
	fatalErrors = []message{
		{"stack overflow", goOverflow},
		{"all goroutines are asleep - deadlock!", "deadlock"},
		{"concurrent map", "concurrent_map"},
		{"out of memory", "out_of_memory"},
	}
	goModules = set(strings.Fields(`
archive bufio builtin bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt go hash html
image index internal io iter log maps math mime net os path plugin reflect regexp runtime slices sort strconv strings structs sync
syscall testing text time unicode unique unsafe vendor weak
`)...)
	// Whether these are printed depends on how the stack was taken.
	runtimePackages = set("runtime", "runtime/debug", "internal/runtime/maps", "internal/abi", goPanic)
)

func panicType(head string) string {
	text := fromFirst(head, "panic: ", "fatal error: ")
	if _, message, found := strings.Cut(text, "runtime error: "); found {
		return messageName(message, runtimeErrors, "runtime_error")
	}
	if _, message, found := strings.Cut(text, "fatal error: "); found {
		return messageName(message, fatalErrors, "fatal_error")
	}
	if strings.HasPrefix(text, "panic: interface conversion: ") {
		return "type_assertion"
	}
	if value, found := strings.CutPrefix(text, "panic: "); found {
		if name := valueType(value); name != "" {
			return typeName(name)
		}
	}
	if strings.Contains(head, goPanic) {
		return goPanic
	}
	return unknown
}

// fromFirst returns text from the first of some words on that it has; all of it if it has none.
func fromFirst(text string, words ...string) string {
	for _, word := range words {
		if at := strings.Index(text, word); at >= 0 {
			return text[at:]
		}
	}
	return text
}

func messageName(text string, known []message, other string) string {
	for _, one := range known {
		if strings.HasPrefix(text, one.start) {
			return one.name
		}
	}
	return other
}

// valueType reads the type in "(*pkg.Type) 0xc000012345", "(pkg.Type) {…}" and "(pkg.Type) (…)".
func valueType(value string) string {
	value, found := strings.CutPrefix(value, "(")
	if !found {
		return ""
	}
	value = strings.TrimPrefix(value, "*")
	rest, found := afterRun(value, func(r rune) bool { return isWord(r) || r == '.' || r == '/' || r == '%' || r == '-' }, 256)
	name := value[:len(value)-len(rest)]
	rest, closed := strings.CutPrefix(rest, ")")
	_, follows := cutAny(strings.TrimPrefix(rest, " "), "0x", "{", "(")
	if !found || !closed || !follows {
		return ""
	}
	return name
}

func appendGoFrame(frames []frame, printed, file string, packages []string) []frame {
	module, function := goSymbol(printed)
	if runtimePackages[module] {
		return frames
	}
	path := normalPath(file)
	stem, _, _ := cutLast(path, ".")
	for _, own := range packages {
		if strings.HasPrefix(module+"/", own+"/") {
			name, _, _ := cutLast(afterLast(path, "/"), ".")
			return append(frames, frame{fixed, module + "/" + name, function, ""})
		}
	}
	if found := goLibrary(module, path); found != "" {
		return append(frames, frame{library, module, function, found})
	}
	return append(frames, frame{app, stem, function, ""})
}

// goSymbol splits "example.com/mod/pkg.(*Type[...]).Method(0x1, …)" into its package and its bare function.
func goSymbol(printed string) (module, function string) {
	name := printed
	if strings.HasSuffix(printed, ")") {
		name = printed[:len(printed)-1]
		if at := strings.LastIndexByte(printed, '('); at >= 0 {
			name = printed[:at]
		}
	}
	name = withoutBrackets(name)
	folder := name[:strings.LastIndexByte(name, '/')+1]
	module, function, _ = strings.Cut(name[len(folder):], ".")
	return strings.ReplaceAll(folder+module, "%2e", "."), goFunction(function)
}

// withoutBrackets cuts type parameters.
func withoutBrackets(name string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(name, "[")
		inside := strings.IndexByte(after, ']')
		if !found || inside < 0 {
			out.WriteString(name)
			return out.String()
		}
		out.WriteString(before)
		name = after[inside+1:]
	}
}

var withoutReceiver = strings.NewReplacer("(*", "", ")", "", "(", "")

// goFunction returns "Runner.run" for "(*Runner).run"; every closure is "<func>", without its number.
func goFunction(name string) string {
	var kept []string
	for part := range strings.SplitSeq(withoutReceiver.Replace(name), ".") {
		bare := withoutGoSuffix(part)
		switch {
		case isClosure(bare):
			bare = "<func>"
		case bare == "" || bare == "glob":
			continue
		case !identifier(bare):
			bare = dynamic
		}
		if bare != "<func>" || len(kept) == 0 || kept[len(kept)-1] != "<func>" {
			kept = append(kept, firstChars(bare, nameLength))
		}
	}
	if len(kept) == 0 {
		return dynamic
	}
	return strings.Join(kept, ".")
}

func isClosure(name string) bool {
	name, _ = cutAny(name, "func", "gowrap", "deferwrap")
	return allDigits(name, 9)
}

// withoutGoSuffix cuts "-fm", "-range1" and "·dwrap" from the end, as often as they stand there.
func withoutGoSuffix(name string) string {
	for {
		stem := strings.TrimRightFunc(name, isWord)
		word := name[len(stem):]
		if dotted, found := strings.CutSuffix(stem, "·"); found && allOf(word, isWord, 64) {
			name = dotted
			continue
		}
		dashed, found := strings.CutSuffix(stem, "-")
		number, ranged := strings.CutPrefix(word, "range")
		if !found || word != "fm" && !(ranged && allDigits(number, 9)) {
			return name
		}
		name = dashed
	}
}

func goLibrary(module, path string) string {
	if goModules[beforeFirst(module, "/")] {
		return module
	}
	versioned := path
	if _, below, found := cutLast(path, "/pkg/mod/"); found {
		versioned = below
	}
	if name, _, found := strings.Cut(versioned, "@v"); found {
		return name
	}
	if strings.Contains(path, "/vendor/") {
		return strings.Join(firstParts(module, 3), "/")
	}
	return ""
}

func firstParts(module string, count int) []string {
	parts := strings.SplitN(module, "/", count+1)
	return parts[:min(len(parts), count)]
}
