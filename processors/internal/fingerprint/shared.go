package fingerprint

import (
	"strings"
)

const pathLength = 1_024 // characters: of a longer path the end counts

// holders are directories whose entries are named after people, machines or disks: what lies directly below them must not stay.
var holders = set("home", "homes", "users", "documents and settings", "media", "mnt", "volumes", "net", "nfs", "afs")

// homes are directories whose entries are named after people.
var homes = set("home", "homes", "users", "documents and settings")

func set(names ...string) map[string]bool {
	made := make(map[string]bool, len(names))
	for _, name := range names {
		made[name] = true
	}
	return made
}

// normalPath returns the last 1 024 characters in lower case (ASCII), with forward slashes, without "." and "..".
//
// Drive letters stay; a server and its share become "//".
func normalPath(path string) string {
	text := lowerASCII(strings.ReplaceAll(lastChars(path, pathLength), `\`, "/"))
	text = strings.TrimPrefix(strings.TrimPrefix(text, "//?/"), "//./")
	if share, found := strings.CutPrefix(text, "//"); found && share != "" && share[0] != '/' {
		_, rest, _ := strings.Cut(share, "/")
		_, rest, _ = strings.Cut(rest, "/")
		text = "//" + rest
	}
	if text == "" || !strings.Contains(text[1:], "//") && !strings.Contains(text, "/.") && text[0] != '.' {
		return text
	}
	return resolved(text)
}

func resolved(text string) string {
	head := ""
	if strings.HasPrefix(text, "//") {
		head = "//"
	} else if strings.HasPrefix(text, "/") {
		head = "/"
	}
	var parts []string
	for part := range strings.SplitSeq(text, "/") {
		switch part {
		case "", ".":
		case "..":
			parts = parts[:max(len(parts)-1, 0)]
		default:
			parts = append(parts, part)
		}
	}
	return head + strings.Join(parts, "/")
}

// lowerASCII leaves letters beyond ASCII alone: languages differ in how they lower them.
func lowerASCII(text string) string {
	at := strings.IndexFunc(text, func(r rune) bool { return r >= 'A' && r <= 'Z' })
	if at < 0 {
		return text
	}
	low := []byte(text)
	for i := at; i < len(low); i++ {
		if low[i] >= 'A' && low[i] <= 'Z' {
			low[i] += 'a' - 'A'
		}
	}
	return string(low)
}

// absolute is true for a normal path that starts at a root, a drive or a share.
func absolute(path string) bool {
	if strings.HasPrefix(path, "/") {
		return true
	}
	if len(path) < 2 || path[1] != ':' || path[0] < 'a' || path[0] > 'z' {
		return false
	}
	return len(path) == 2 || path[2] == '/' || path[2:] == "\n"
}

// inPackages returns the path from the folder (or single file) that bears the name of one of packages, or "".
//
// Below a library folder that name comes first; elsewhere it may stand anywhere, and of several such folders the innermost counts.
func inPackages(path string, packages []string, anywhere bool) string {
	if len(packages) == 0 {
		return ""
	}
	padded := "/" + path + "/"
	for _, name := range packages {
		name = "/" + lower(name) + "/"
		start := -1
		if anywhere {
			start = strings.LastIndex(padded, name)
		} else if strings.HasPrefix(padded, name) {
			start = 0
		}
		if start >= 0 {
			return path[start:]
		}
	}
	return ""
}

// lower is Python's str.lower, which makes two characters of a capital I with a dot.
func lower(text string) string {
	return strings.ToLower(strings.ReplaceAll(text, "İ", "i̇"))
}

// sharedPlaces knows the directory shared by all absolute places, and the one shared by all relative places, of one stack.
type sharedPlaces struct {
	relativeRoot, absoluteRoot string
	relatives, absolutes       bool // whether there was such a place
}

func (s *sharedPlaces) add(place string) {
	folder, _, _ := cutLast(place, "/")
	if absolute(place) {
		s.absoluteRoot = common(s.absoluteRoot, folder, s.absolutes)
		s.absolutes = true
	} else {
		s.relativeRoot = common(s.relativeRoot, folder, s.relatives)
		s.relatives = true
	}
}

// common returns the leading components that two folders share; the folder alone if it is the first.
func common(shared, folder string, later bool) string {
	if !later || shared == folder {
		return folder
	}
	end := 0
	for i := 0; ; i++ {
		sharedEnds, folderEnds := i == len(shared) || shared[i] == '/', i == len(folder) || folder[i] == '/'
		if sharedEnds && folderEnds {
			end = i
		}
		if i == len(shared) || i == len(folder) || shared[i] != folder[i] {
			return shared[:end]
		}
	}
}

// relative returns a place below the shared directory; its base name alone where nothing but a root or a home folder is shared.
func (s *sharedPlaces) relative(place string) string {
	root := s.relativeRoot
	if absolute(place) {
		root = s.absoluteRoot
		if strings.TrimRight(root, "/") == "" || strings.HasSuffix(root, ":") || holders[afterLast(root, "/")] {
			return afterLast(place, "/")
		}
	}
	if root == "" {
		return withoutPeople(place)
	}
	return withoutPeople(place[min(len(root)+1, len(place)):])
}

// withoutPeople replaces the component after a directory of homes by "~" if another one follows it.
func withoutPeople(place string) string {
	parts := strings.Split(place, "/")
	changed := false
	for i := 0; i+2 < len(parts); i++ {
		if homes[parts[i]] && parts[i+1] != "" {
			parts[i+1] = "~"
			changed = true
			i++
		}
	}
	if !changed {
		return place
	}
	return strings.Join(parts, "/")
}
