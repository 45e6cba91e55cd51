package keys

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// NamePatterns are the words inside a name that make it worth asking whether it is denied, as alternatives in RE2 syntax. They are made
// from the tables that HintOf reads, so that no name is denied as a key and never looked for in a text.
type NamePatterns struct {
	Secrets string // words of secrets
	Pairs   string // two words, written together or apart
	People  string // words of personal data
	Ends    string // words that no letter may follow
	Escaped string // words beyond ASCII as JSON escapes
	// Passwords are names of what people choose themselves.
	Passwords []string
	Foreign   []string // words beyond ASCII: looked for in texts that have such letters
}

// Names makes the patterns.
func Names() NamePatterns {
	words, people := map[string]bool{}, map[string]bool{}
	for _, table := range []map[string]bool{StrongWords, lastWords, ownedWords, with(nil, strings.Join(endings, " "))} {
		maps.Copy(words, table)
	}
	maps.Copy(people, phoneWords)
	maps.Copy(people, nameWords)
	owners := map[string]bool{}
	for _, table := range persons {
		maps.Copy(owners, table)
	}
	ascii, foreign := map[string]bool{}, []string{}
	for word := range words {
		if model.IsASCII(word) {
			ascii[word] = true
		} else {
			foreign = append(foreign, word)
		}
	}
	slices.Sort(foreign)
	// Parts of everyday words (passed, opinion, inside): they count at the end of a part of a name only.
	ends := with(keyedWords, "")
	for word := range ownedWords {
		if word != "token" {
			ends[word] = true
			delete(ascii, word)
		}
	}
	return NamePatterns{
		Secrets: alternatives(ascii), Pairs: pairs(), Ends: alternatives(ends), Escaped: escaped(foreign), Foreign: foreign,
		Passwords: slices.Sorted(maps.Keys(PasswordWords)),
		People:    alternatives(people) + "|(?:" + joined(owners) + ")[_-]?(?:" + joined(personParts) + ")",
	}
}

func joined(words map[string]bool) string { return strings.Join(slices.Sorted(maps.Keys(words)), "|") }

// alternatives joins words, without those that another one is part of.
func alternatives(words map[string]bool) string {
	sorted := slices.SortedFunc(maps.Keys(words), func(a, b string) int { return len(a) - len(b) })
	var shortest []string
	for _, word := range sorted {
		if !slices.ContainsFunc(shortest, func(short string) bool { return strings.Contains(word, short) }) {
			shortest = append(shortest, word)
		}
	}
	slices.Sort(shortest)
	return strings.Join(shortest, "|")
}

// pairs joins the phrases. Prose writes "tax number" of anybody's; data writes tax_number.
func pairs() string {
	var made []string
	for _, phrase := range slices.Sorted(maps.Keys(phrases)) {
		border := "[ _.-]?"
		if personalPhrases[phrase] {
			border = "[_.-]?"
		}
		made = append(made, strings.Replace(phrase, "-", border, 1))
	}
	return strings.Join(made, "|")
}

func escaped(words []string) string {
	made := make([]string, len(words))
	for index, word := range words {
		for _, letter := range word {
			if letter < utf8.RuneSelf {
				made[index] += string(letter)
			} else {
				made[index] += fmt.Sprintf(`\\+u%04x`, letter)
			}
		}
	}
	return strings.Join(made, "|")
}
