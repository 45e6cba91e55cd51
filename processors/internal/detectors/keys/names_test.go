package keys

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every word of the tables, as a name of its own.
func tableNames() []string {
	names := slices.Concat(endings, []string{"acme_key", "acme_pat", "acme_salt"})
	for _, table := range []map[string]bool{StrongWords, lastWords, ownedWords, phoneWords, nameWords} {
		names = slices.AppendSeq(names, maps.Keys(table))
	}
	for owner := range passOwners {
		names = append(names, owner+"_pass")
	}
	for phrase := range phrases {
		names = append(names, phrase, strings.Replace(phrase, "-", "_", 1), strings.Replace(phrase, "-", "", 1))
	}
	for part := range personParts {
		owners, ok := persons[part]
		if !ok {
			owners = persons[""]
		}
		for owner := range owners {
			names = append(names, owner+"_"+part)
		}
	}
	return names
}

func TestWhatIsDeniedAsAKeyIsLookedForAsAName(t *testing.T) {
	names := Names()
	asked := regexp.MustCompile(`(?i)(?:` + strings.Join([]string{names.Secrets, names.Pairs, names.People, names.Ends}, "|") + `)`)
	for _, name := range tableNames() {
		if HintOf(name) != 0 && !asked.MatchString(name) && !slices.ContainsFunc(names.Foreign, func(word string) bool {
			return strings.Contains(name, word)
		}) {
			t.Errorf("%q is denied and never looked for", name)
		}
	}
	for _, word := range names.Foreign {
		written := ""
		for _, letter := range word {
			if letter < 128 {
				written += string(letter)
				continue
			}
			written += quoted(letter)
		}
		if !regexp.MustCompile(names.Escaped).MatchString(written) {
			t.Errorf("%q is not looked for as %s", word, written)
		}
	}
}

// quoted is a letter as a JSON escape.
func quoted(letter rune) string {
	const digits = "0123456789abcdef"
	escape := []byte(`\u`)
	for shift := 12; shift >= 0; shift -= 4 {
		escape = append(escape, digits[letter>>shift&15])
	}
	return string(escape)
}

func TestKeysOfRowsAndCachesAreNotKeyed(t *testing.T) {
	for owner := range plainKeys {
		if HintOf(owner+"_key") != 0 && !phrases[owner+"-key"] {
			t.Errorf("%s_key is keyed", owner)
		}
	}
}
