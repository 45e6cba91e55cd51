package fingerprint

import (
	"regexp"
	"strings"
)

// Which kind of frame a Python file name and function name make, on every system. Pure text: nothing is looked up on disk.

const (
	cell   = "<cell>"
	frozen = "<frozen "
	ownDir = "otel_smart_agents"
)

var (
	// ipykernel, IPython, Colab, VS Code (two ages), marimo, Databricks.
	cellFile = regexp.MustCompile(
		`/ipykernel_\p{Nd}+/|[/<]ipython-input-|\.ipynb cell |\.ipynb#|/marimo_\p{Nd}+/|^<command-|/command-\p{Nd}+(?:-\p{Nd}+)?$`)
	cellWords    = []string{"ipykernel_", "ipython-input-", ".ipynb", "marimo_", "command-"}
	pythonFolder = regexp.MustCompile(`python|pypy|conda|mamba|miniforge|^py\p{Nd}*$|^3\.\p{Nd}+`)
	// Our own wrappers lie between the frames of the program even when the package is installed from a checkout.
	ownFolders       = set("consent", "export", "instrument", "privacy", "setup", "spool", "testing")
	pythonExtensions = set("py", "pyc", "pyd", "pyi", "pyo", "pyw", "pyx", "so")
	// Libraries that were put beside the program: by vendoring, as a layer or an archive of a cloud's runtime.
	bundles         = set("_vendor", "_vendored", "third_party")
	libraryZip      = regexp.MustCompile(`^(?:deps|dependencies|libs?|packages|requirements|vendor|pyspark|py4j-[0-9.]+-src)\.zip$`)
	libraryFolders  = set("site-packages", "dist-packages")
	standardFolders = set("lib", "lib32", "lib64")
)

func pythonFrameOf(file, function string, packages []string) frame {
	file, function = lastChars(file, pathLength), lastChars(function, pathLength)
	name := pythonFunction(function)
	path := normalPath(strings.ReplaceAll(file, "\r", "_"))
	if place := generated(path); place != "" {
		return applicationFrame(fixed, place, name)
	}
	path = withoutPythonExtension(path)
	below, standard := pythonLibrary(path, file)
	searched := below
	if below == "" {
		searched = path
	}
	if own := inPackages(searched, asPaths(packages), below == ""); own != "" {
		return applicationFrame(fixed, own, name)
	}
	if below == "" {
		return applicationFrame(app, path, name)
	}
	top := beforeFirst(below, "/")
	if standard {
		below = top // its inner modules move from one version to the next
	}
	return frame{library, below, name, top}
}

func applicationFrame(kind frameKind, place, name string) frame {
	if name == "" {
		kind = hidden
	}
	return frame{kind, place, name, ""}
}

func asPaths(packages []string) []string {
	if len(packages) == 0 {
		return nil
	}
	paths := make([]string, len(packages))
	for i, name := range packages {
		paths[i] = strings.ReplaceAll(name, ".", "/")
	}
	return paths
}

// pythonFunction returns the bare name; "" for module level, comprehensions and other non-functions; "<dyn>" where it is no identifier.
func pythonFunction(name string) string {
	bare := afterLast(name, ".")
	switch {
	case bare == "<lambda>":
		return bare
	case strings.HasPrefix(bare, "<"):
		return ""
	case identifier(bare):
		return firstChars(bare, nameLength)
	}
	return dynamic
}

// generated returns "<cell>" or "<dyn>" for code that has no file, else ""; frozen modules are library files.
func generated(path string) string {
	for _, word := range cellWords {
		if strings.Contains(path, word) && cellFile.MatchString(path) {
			return cell
		}
	}
	if strings.HasPrefix(path, "<") && !strings.HasPrefix(path, frozen) {
		return dynamic
	}
	return ""
}

func withoutPythonExtension(path string) string {
	stem, extension, found := cutLast(path, ".")
	if !found || !pythonExtensions[extension] {
		return path
	}
	if extension == "so" {
		if outer, tag, found := cutLast(stem, "."); found {
			tag, found = strings.CutPrefix(tag, "cpython-")
			if found && allOf(tag, func(r rune) bool { return r == '-' || isWord(r) }, len(tag)) {
				return outer
			}
		}
	}
	return stem
}

// pythonLibrary returns the path below the folder that libraries are installed in, and whether it is the standard library's; "" for
// application code.
func pythonLibrary(path, file string) (below string, standard bool) {
	if module, found := strings.CutPrefix(path, frozen); found {
		return strings.ReplaceAll(strings.TrimRight(module, ">"), ".", "/"), true
	}
	if below, standard, found := libraryRoot(path); found {
		return below, standard
	}
	if own := ownFile(path); own != "" {
		return own, false
	}
	if below := bundled(path); below != "" {
		return below, false
	}
	if strings.Contains(file, `\`) || strings.HasPrefix(path[len(firstChars(path, 1)):], ":") {
		return windowsLibrary(path, strings.Contains(file, `\Lib\`) || strings.Contains(file, "/Lib/")), true
	}
	return "", true
}

// bundled returns the path of a library that lies beside the program, or of a debugger, which runs the program.
func bundled(path string) string {
	if below := ofRuntime(path); below != "" {
		return below
	}
	parts := strings.Split(path, "/")
	for i := len(parts) - 2; i >= 0; i-- {
		name, below := parts[i], parts[i+1:]
		switch {
		// A single file in "vendor" is rather the program's word for a seller.
		case bundles[name], name == "vendor" && len(below) > 1, libraryZip.MatchString(name):
			return strings.Join(below, "/")
		case name == "debugpy", strings.HasPrefix(name, "_pydev"), strings.HasPrefix(name, "pydevd_"), strings.HasPrefix(name, "pydev_ipython"):
			return strings.Join(parts[i:], "/")
		case name == "helpers" && len(below) > 1 && (below[0] == "pydev" || below[0] == "pycharm"):
			return strings.Join(below, "/")
		}
	}
	if last := parts[len(parts)-1]; strings.HasPrefix(last, "pydevd") {
		return last
	}
	return ""
}

func ofRuntime(path string) string {
	if below, found := strings.CutPrefix(path, "/var/runtime/"); found {
		return below
	}
	below, found := strings.CutPrefix(path, "/opt/python/")
	if !found || strings.HasPrefix(below, "current/") || strings.HasPrefix(below, "bundle/") {
		return ""
	}
	return below
}

// libraryRoot cuts a path below the last folder of libraries: site-packages lies inside lib/pythonX.Y.
func libraryRoot(path string) (below string, standard, found bool) {
	for end := strings.LastIndexByte(path, '/'); end > 0; {
		start := strings.LastIndexByte(path[:end], '/')
		switch name := path[start+1 : end]; {
		case libraryFolders[name], isArchive(name):
			return path[end+1:], false, true
		case isPythonZip(name), isVersioned(name) && standardFolders[afterLast(path[:max(start, 0)], "/")]:
			return path[end+1:], true, true
		}
		end = start
	}
	return "", false, false
}

func isArchive(name string) bool {
	return len(name) > len(".whl") && (strings.HasSuffix(name, ".whl") || strings.HasSuffix(name, ".egg"))
}

func isPythonZip(name string) bool {
	name, starts := strings.CutPrefix(name, "python")
	name, ends := strings.CutSuffix(name, ".zip")
	return starts && ends && allDigits(name, len(name))
}

// isVersioned reads "python3.12", "python3.13t" and "pypy3.10".
func isVersioned(name string) bool {
	name, found := cutAny(name, "python", "pypy")
	for part := range strings.SplitSeq(strings.TrimSuffix(name, "t"), ".") {
		found = found && allDigits(part, len(part))
	}
	return found
}

// ownFile returns the path of a file of this project's Python package from its folder on.
func ownFile(path string) string {
	for from := 0; ; {
		found := strings.Index(path[from:], ownDir+"/")
		if found < 0 {
			return ""
		}
		from += found
		folder, file, inside := strings.Cut(path[from+len(ownDir)+1:], "/")
		if (from == 0 || path[from-1] == '/') && inside && file != "" && ownFolders[folder] {
			return path[from:]
		}
		from += len(ownDir)
	}
}

// windowsLibrary cuts a path below the standard library of an installation on Windows, where Lib does not carry Python's version.
// named: the folder is written like that; else it may be any program's, if the folders before do not say that they are Python's.
func windowsLibrary(path string, named bool) string {
	parts := strings.Split(path, "/")
	for i := 0; i+3 < len(parts); i++ {
		outer, inner, name := parts[i], parts[i+1], parts[i+3]
		if outer == "" || inner == "" || parts[i+2] != "lib" || name == "" {
			continue
		}
		if pythonModules[name] && (named || outer == "envs" || pythonFolder.MatchString(inner) || pythonFolder.MatchString(outer)) {
			return strings.Join(parts[i+3:], "/")
		}
		i += 3
	}
	return ""
}
