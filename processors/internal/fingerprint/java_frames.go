package fingerprint

import (
	"regexp"
	"strings"
)

var (
	javaSources    = set("Native Method", "Unknown Source", "<generated>")
	javaExtensions = set("java", "kt", "kts", "scala", "groovy", "clj", "jsp")
	hiddenClass    = regexp.MustCompile(`\$\$Lambda(?:\$\p{Nd}{1,9})?/(?:0x)?[0-9a-f]{1,16}`)
)

// javaFrame returns the frame on a line; false if it is no frame line.
func javaFrame(line string, packages []string) (frame, bool) {
	printed, found := javaMethod(line)
	if !found {
		return frame{}, false
	}
	if strings.Contains(printed, "$$Lambda") {
		printed = hiddenClass.ReplaceAllLiteralString(printed, "$$Lambda")
	}
	owner, method, _ := cutLast(afterLast(printed, "/"), ".") // class loader and module come before the last slash
	if owner == "" {
		return frame{}, false
	}
	folder := owner[:strings.LastIndexByte(owner, '.')+1]
	name := owner[len(folder):]
	if strings.Contains(name, "$$") || strings.HasPrefix(name, "$") || isAccessor(method) {
		return frame{library, owner, "", ""}, true // generated: neither a place nor a library
	}
	outer, scope := className(name)
	function := javaFunction(method)
	if scope != "" {
		function = scope + ".<lambda>"
	}
	kind, module := fixed, javaLibrary(owner)
	if module != "" && !isOwn(owner, packages) {
		kind = library
	} else {
		module = ""
	}
	return frame{kind, folder + outer, function, module}, true
}

// isOwn tells whether a class lies in one of packages.
func isOwn(owner string, packages []string) bool {
	for _, own := range packages {
		if strings.HasPrefix(owner+".", own+".") {
			return true
		}
	}
	return false
}

// javaMethod reads "at [loader/][module/]CLASS.METHOD(SOURCE)", with or without Logback's "~[jar]".
func javaMethod(line string) (printed string, found bool) {
	rest, indented := cutBlanks(line)
	rest, found = strings.CutPrefix(rest, "at ")
	if !indented || !found {
		return "", false
	}
	printed, rest, _ = strings.Cut(rest, "(")
	if printed == "" || isBlank(printed[0]) || !within(printed, 1_001) {
		return "", false
	}
	source, rest, closed := strings.Cut(rest, ")")
	return printed, closed && isJavaSource(source) && isJar(rest)
}

func isJavaSource(source string) bool {
	if javaSources[source] {
		return true
	}
	file, number, numbered := strings.Cut(source, ":")
	if strings.Contains(source, "(") || numbered && !allDigits(strings.TrimPrefix(number, "-"), 9) {
		return false
	}
	if numbered && (file == "" || file == "SourceFile" || file == "Unknown") {
		return true
	}
	stem, extension, found := cutLast(file, ".")
	return found && javaExtensions[extension] && within(stem, 200) && !strings.HasPrefix(number, "-")
}

// isJar reads what Logback and Log4j print behind a frame: "~[name.jar:1.0]".
func isJar(text string) bool {
	text = strings.TrimRight(text, " \t")
	if text == "" {
		return true
	}
	jar, spaced := cutBlanks(text)
	jar, opens := strings.CutPrefix(strings.TrimPrefix(jar, "~"), "[")
	jar, closes := strings.CutSuffix(jar, "]")
	return spaced && opens && closes && within(jar, 200) && !strings.Contains(jar, "]")
}

func isAccessor(method string) bool {
	name, found := strings.CutPrefix(method, "access$")
	return found && allOf(name, isWord, len(name))
}

// className returns "Outer$Inner" without the numbers of anonymous classes; and the function whose lambda a Kotlin class is
// ("Runner$run$1").
func className(name string) (outer, scope string) {
	parts := strings.Split(name, "$")
	kept := 1
	for kept < len(parts) && isUpper(firstRune(parts[kept])) {
		kept++
	}
	if kept < len(parts) && isLower(firstRune(parts[kept])) && identifier(parts[kept]) {
		scope = parts[kept]
	}
	return strings.Join(parts[:kept], "$"), scope
}

// javaFunction returns "<init>", "run" or, for a lambda, "run.<lambda>" without its number.
func javaFunction(method string) string {
	if method == "<init>" || method == "<clinit>" {
		return method
	}
	if name := javaLambda(method); name != "" {
		return name + ".<lambda>"
	}
	bare := strings.TrimSuffix(method, "$default")
	if !identifier(strings.ReplaceAll(bare, "$", "_")) {
		return dynamic
	}
	return firstChars(bare, nameLength)
}

// javaLambda returns the function in "lambda$run$0", "$anonfun$run$1" and "run$lambda$0"; "" for any other method.
func javaLambda(method string) string {
	if rest, found := cutAny(method, "lambda$", "$anonfun$"); found {
		parts := strings.Split(rest, "$")
		if (len(parts) == 2 || len(parts) == 3 && allOf(parts[2], isWord, 32)) && allOf(parts[0], isWord, 128) && allDigits(parts[1], 9) {
			return parts[0]
		}
	}
	name, rest, found := strings.Cut(method, "$lambda")
	if !found || !allOf(name, isWord, 128) {
		return ""
	}
	for count := 0; rest != "" && count < 16; count++ {
		if rest[0] != '$' && rest[0] != '-' {
			return ""
		}
		if rest, found = afterRun(rest[1:], isWord, 64); !found {
			return ""
		}
	}
	if rest != "" {
		return ""
	}
	return name
}

// javaLibrary returns the first two components of a library's package, "" for an application class.
func javaLibrary(owner string) string {
	end := 0
	for range 3 {
		next := strings.IndexByte(owner[end:], '.')
		if next < 0 {
			return ""
		}
		end += next
		if javaLibraries[owner[:end]] {
			return strings.Join(strings.SplitN(owner, ".", 3)[:2], ".")
		}
		end++
	}
	return ""
}
