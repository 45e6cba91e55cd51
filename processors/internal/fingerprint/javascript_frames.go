package fingerprint

import "strings"

const (
	anonymous  = "<anonymous>"
	nativeCode = "[native code]"
)

var (
	moduleLevels   = set("global code", "module code", "eval code")
	nativeLocation = set("<anonymous>", "native", nativeCode, "unknown location", "")
)

// scriptFrame returns the frame on a line; false if it is no frame line. Native code gives a hidden frame without a place.
func scriptFrame(line string, packages []string) (frame, bool) {
	if body := v8Body(line); body != "" {
		if called, found := strings.CutSuffix(body, ")"); found {
			if name, place, found := strings.Cut(called, " ("); found && name != "" {
				return scriptFrameOf(name, place, packages)
			} else if found {
				return scriptFrameOf("", place+")", packages)
			}
		}
		return scriptFrameOf("", body, packages)
	}
	if name, place, found := geckoFrame(line); found {
		return scriptFrameOf(name, place, packages)
	}
	return frame{}, false
}

// v8Body is what stands between "at " or "at async " and the brackets and commas at the end of the line; "" if it is no such line.
func v8Body(line string) string {
	rest, indented := cutBlanks(line)
	rest, found := strings.CutPrefix(rest, "at ")
	if !indented || !found {
		return ""
	}
	if awaited, found := strings.CutPrefix(rest, "async "); found && awaited != "" {
		rest = awaited
	}
	if body := strings.TrimRight(rest, ",{ \t"); body != "" {
		return body
	}
	return firstChars(rest, 1)
}

// geckoFrame reads "NAME@LOCATION:LINE:COLUMN" and "NAME@[native code]".
func geckoFrame(line string) (name, place string, found bool) {
	name, place, found = strings.Cut(line, "@")
	name, _ = cutBlanks(name)
	place = strings.TrimRight(place, " \t")
	if !found || !within(name, 512) {
		return "", "", false
	}
	if place == nativeCode {
		return name, place, true
	}
	_, number, found := cutLast(place, ":")
	found = found && len(place) > len(number)+len(":") && allDigits(number, 9)
	return name, place, found && !strings.Contains(place, "@") && !isSpace(firstRune(place))
}

func scriptFrameOf(name, location string, packages []string) (frame, bool) {
	if isNative(location) {
		return frame{kind: hidden}, true
	}
	file, found := withoutPosition(location)
	if !found {
		return frame{}, false
	}
	function := scriptFunction(name)
	place := scriptPlace(file)
	module, path, found := scriptLibrary(place)
	if !found {
		path = place
	}
	if own := inPackages(path, packages, !found); own != "" {
		return frame{fixed, own, function, ""}, true
	}
	return frame{scriptKind(place, function, found), path, named(function, found), module}, true
}

func scriptKind(place, function string, inLibrary bool) frameKind {
	switch {
	case inLibrary:
		return library
	case function == "":
		return hidden
	case strings.HasPrefix(place, "<"):
		return fixed
	}
	return app
}

// named gives the module level of a library a name: its frames are never hidden.
func named(function string, inLibrary bool) string {
	if inLibrary && function == "" {
		return anonymous
	}
	return function
}

func isNative(location string) bool {
	number, indexed := strings.CutPrefix(location, "index ")
	return nativeLocation[location] || indexed && allDigits(number, 9)
}

// withoutPosition cuts ":LINE:COLUMN" or ":LINE".
func withoutPosition(location string) (file string, found bool) {
	file, number, _ := cutLast(location, ":")
	if file == "" || !allDigits(number, 9) {
		return "", false
	}
	if outer, line, _ := cutLast(file, ":"); outer != "" && allDigits(line, 9) {
		return outer, true
	}
	return file, true
}

// scriptFunction returns the bare name of a function: no receiver, alias, async, new, get or set; "" for module level.
func scriptFunction(name string) string {
	bare := strip(afterLast(beforeFirst(name, " [as "), "*"))
	if moduleLevels[bare] {
		return ""
	}
	bare = afterLast(afterLast(afterLast(bare, " "), "."), "/")
	if bare == "" || strings.HasPrefix(bare, "<") || strings.HasSuffix(bare, "<") || bare == "anonymous" {
		return anonymous
	}
	if !identifier(withoutSigns.Replace(bare)) {
		return dynamic
	}
	return firstChars(bare, nameLength)
}

// withoutSigns makes "$" and "#" count as identifier characters.
var withoutSigns = strings.NewReplacer("$", "_", "#", "_")
