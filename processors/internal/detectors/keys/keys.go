// Package keys says what an attribute key tells about its value: deny words, matched token by token, and hints for the detectors.
//
// apiToken, client_secret and DB_PASSWORD are denied; input_tokens, author, session.duration and monkey are not. The same decision is
// used for the keys of nested JSON, .env lines, URL queries and command lines. It mirrors otel_smart_agents/privacy/keys.py;
// tests/vectors/keys.json binds both.
package keys

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

const (
	cacheSize = 1 << 12
	maxKey    = 256
)

// known remembers the hints of keys; a place is taken by whoever comes last.
var (
	known [cacheSize]atomic.Pointer[judged]
	seed  = maphash.MakeSeed()
)

type judged struct {
	key  string
	hint model.Hint
}

// Denied tells whether the key names a secret or a personal datum, so that its value must go whatever it looks like.
func Denied(key string) bool { return HintOf(key)&model.Denied != 0 }

// HintOf returns bits that describe the value under a key. Only the last 256 characters of a key count.
func HintOf(key string) model.Hint {
	if len(key) > maxKey {
		return classify(Tokens(key[model.Back(key, len(key), maxKey):]))
	}
	place := &known[maphash.String(seed, key)%cacheSize]
	if kept := place.Load(); kept != nil && kept.key == key {
		return kept.hint
	}
	hint := classify(Tokens(key))
	place.Store(&judged{strings.Clone(key), hint})
	return hint
}

// Tokens returns the lower-case words of a key: split at everything that is not a letter or digit and at camelCase borders (aB, ABc).
func Tokens(name string) []string {
	words := make([]string, 0, 4)
	start, last := 0, rune(0) // of the word that is being read; last = its last rune
	push := func(end int) {
		if start < end {
			words = append(words, model.Lower(name[start:end]))
		}
		start, last = end, 0
	}
	for place, character := range name {
		size := utf8.RuneLen(character)
		if size < 0 || !model.IsLetterOrNumber(character) {
			push(place)
			_, size = utf8.DecodeRuneInString(name[place:])
			start = place + size
			continue
		}
		if start < place && model.IsUpper(character) && (!model.IsUpper(last) || opensWord(name[start:place], name[place+size:])) {
			push(place)
		}
		last = character
	}
	push(len(name))
	return words
}

// opensWord tells whether a capital after capitals begins a word: the P of HTTPPath, but not of "APIs".
func opensWord(before, after string) bool {
	following, size := utf8.DecodeRuneInString(after)
	return size > 0 && model.IsLower(following) && following != 's' && utf8.RuneCountInString(before) > 1
}

func classify(tokens []string) model.Hint {
	if len(tokens) == 0 {
		return model.Plain
	}
	if isSecret(tokens) || isPersonal(tokens) {
		return model.Denied
	}
	hint := model.Plain
	if isKeyed(lastTwo(withoutCarriers(tokens))) {
		hint |= model.Keyed
	}
	if isAddress(tokens) {
		hint |= model.Address
	}
	if isStatement(tokens) {
		hint |= model.Statement
	}
	last := tokens[len(tokens)-1]
	if oneOf(last, "version", "versions", "useragent") || (slices.Contains(tokens, "agent") && slices.Contains(tokens, "user")) {
		hint |= model.Version
	}
	if oneOf(last, "route", "target", "path", "template", "endpoint") && oneOf(tokens[0], "http", "url", "request") {
		hint |= model.URLPath
	}
	return hint
}

func isStatement(tokens []string) bool {
	last := tokens[len(tokens)-1]
	return slices.Contains(tokens, "sql") || oneOf(last, "statement", "query") ||
		(last == "text" && slices.Contains(tokens, "db") && slices.Contains(tokens, "query"))
}

func isSecret(tokens []string) bool {
	if benignTails[tokens[len(tokens)-1]] && !endsWithPhrase(tokens) {
		return false
	}
	if len(tokens) > 1 && flagStarts[tokens[0]] {
		return false
	}
	if hasPhrase(tokens) || slices.ContainsFunc(tokens, isStrong) {
		return true
	}
	core := withoutCarriers(tokens)
	if size := len(core); size > 2 && core[size-3] == "public" && core[size-2] == "key" {
		return false // .NET names assemblies by PublicKeyToken
	}
	return endsSecret(lastTwo(core))
}

// IsBenignTail tells whether a word behind the name of a secret says that the value is about the secret, not the secret.
func IsBenignTail(word string) bool { return benignTails[word] }

func withoutCarriers(tokens []string) []string {
	core := tokens
	for len(core) > 1 && (carriers[core[len(core)-1]] || model.AllDigits(core[len(core)-1])) {
		core = core[:len(core)-1]
	}
	return core
}

// isKeyed recognises OPENAI_KEY, writekey, GH_PAT: a secret when the value looks generated, for nobody knows the names of all services.
func isKeyed(before, last string) bool {
	if owner, ok := strings.CutSuffix(last, "key"); ok {
		if owner != "" {
			before = owner
		}
		return before != "" && !plainKeys[before]
	}
	return keyedWords[last]
}

func isStrong(token string) bool {
	return StrongWords[token] || slices.ContainsFunc(endings, func(end string) bool { return strings.HasSuffix(token, end) })
}

func endsSecret(before, last string) bool {
	switch last {
	case "token", "tok":
		return !countedTokens[before]
	case "pass":
		return passOwners[before]
	case "sid", "pin":
		return before == "" || passOwners[before]
	}
	return lastWords[last]
}

func lastTwo(tokens []string) (before, last string) {
	if len(tokens) > 1 {
		before = tokens[len(tokens)-2]
	}
	return before, tokens[len(tokens)-1]
}

func singular(token string) string {
	if strings.HasSuffix(token, "s") && !strings.HasSuffix(token, "ss") {
		return token[:len(token)-1]
	}
	return token
}

func isPhrase(first, second string) bool { return phrases[singular(first)+"-"+singular(second)] }

func hasPhrase(tokens []string) bool {
	all := ""
	for index, token := range tokens {
		if index > 0 && isPhrase(tokens[index-1], token) {
			return true
		}
		all += singular(token)
	}
	return strings.Contains(all, "dateofbirth")
}

func endsWithPhrase(tokens []string) bool {
	return len(tokens) > 1 && isPhrase(tokens[len(tokens)-2], tokens[len(tokens)-1])
}

// NamesAPerson tells whether a denied key, given by its tokens, is about a person rather than a secret.
func NamesAPerson(tokens []string) bool {
	all := ""
	for index, token := range tokens {
		if personalWords[token] || index > 0 && personalPhrases[singular(tokens[index-1])+"-"+singular(token)] {
			return true
		}
		all += singular(token)
	}
	return strings.Contains(all, "dateofbirth") || isPersonal(tokens)
}

func isPersonal(tokens []string) bool {
	core := tokens
	for len(core) > 1 {
		last := core[len(core)-1]
		if !oneOf(last, "number", "no", "num", "nr", "value", "text") && !model.AllDigits(last) {
			break
		}
		core = core[:len(core)-1]
	}
	before, last := lastTwo(core)
	if oneOf(tokens[0], "process", "os") {
		return false
	}
	if phoneWords[last] {
		return !oneOf(before, "is", "has", "ua", "device", "platform", "agent", "app", "supports")
	}
	if nameWords[last] {
		return true
	}
	if before == "account" && slices.ContainsFunc(tokens, func(token string) bool { return machines[token] }) {
		return false
	}
	owners, ok := persons[last]
	if !ok {
		owners = persons[""]
	}
	return personParts[last] && owners[before]
}

func isAddress(tokens []string) bool {
	before, last := lastTwo(tokens)
	if oneOf(last, "ip", "ips", "ipv4", "ipv6", "ipaddress", "ipaddr", "forwarded") || (before == "forwarded" && last == "for") {
		return true
	}
	return last == "addr" || (oneOf(last, "address", "addresses", "addrs") && addressParts[before])
}

func oneOf(word string, words ...string) bool { return slices.Contains(words, word) }
