package fingerprint

import "strings"

const mixedHashLength = 8

// withoutMixedHash cuts "-DfG3k2aB" before an extension of two or three letters: 8 characters with a digit and a capital.
func withoutMixedHash(name string) string {
	bare := beforeNewline(name)
	stem, extension, found := cutLast(bare, ".")
	start := len(stem) - mixedHashLength
	if !found || len(extension) < 2 || len(extension) > 3 || strings.Trim(extension, lowerLetters) != "" || start < 1 || stem[start-1] != '-' {
		return name
	}
	hash := stem[start:]
	if strings.Trim(hash, lowerLetters+codeChars) != "" || !strings.ContainsAny(hash, "0123456789") || lowerASCII(hash) == hash {
		return name
	}
	return name[:start-1] + name[len(stem):]
}

const lowerLetters = "abcdefghijklmnopqrstuvwxyz"

// withoutHexHashes cuts every ".3f2a1b9c" of 8 to 64 hexadecimal digits before a dot or the end.
func withoutHexHashes(name string) string {
	end := len(beforeNewline(name))
	var out strings.Builder
	kept := 0
	for i := 0; i < len(name); i++ {
		if name[i] != '.' && name[i] != '-' {
			continue
		}
		next := i + 1
		for next < len(name) && isHex(name[next]) {
			next++
		}
		if size := next - i - 1; size >= 8 && size <= 64 && (next >= end || name[next] == '.') {
			out.WriteString(name[kept:i])
			kept = next
		}
		i = next - 1
	}
	if kept == 0 {
		return name
	}
	out.WriteString(name[kept:])
	return out.String()
}

func withoutScriptExtension(name string) string {
	bare := beforeNewline(name)
	stem, extension, found := cutLast(bare, ".")
	if !found || !scriptExtensions[extension] {
		return name
	}
	return stem + name[len(bare):]
}

// scriptLibrary returns the package of a library file and its path in it; false for application code.
func scriptLibrary(place string) (module, path string, found bool) {
	if _, below, found := cutLast("/"+place, "/node_modules/"); found {
		return scriptPackage(below), below, true
	}
	scheme, rest, found := strings.Cut(place, ":")
	switch {
	case found && scheme == "cdn":
		scope, bare := "", rest
		if scoped, found := strings.CutPrefix(rest, "@"); found {
			scope, bare = "@", scoped
		}
		bare = scope + packageVersion.ReplaceAllLiteralString(bare, "")
		return scriptPackage(bare), bare, true
	case found && scheme == "ext":
		return "deno", "deno/" + rest, true
	case found && (builtinSchemes[scheme] || scheme == "extension"):
		return scheme, scheme + "/" + rest, true
	case place == "webpack/bootstrap", strings.HasPrefix(place, "webpack/runtime"):
		return "webpack", place, true
	}
	return "", "", false
}

func scriptPackage(path string) string {
	parts := strings.SplitN(path, "/", 3)
	if !strings.HasPrefix(path, "@") {
		return parts[0]
	}
	if len(parts) == 1 {
		return parts[0] + "/"
	}
	return parts[0] + "/" + parts[1]
}
