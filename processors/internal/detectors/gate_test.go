package detectors

import (
	"math/bits"
	"math/rand/v2"
	"regexp"
	"testing"
)

// What the pass says must be what package regexp says of every trigger, unless nobody asks: helpers count only beside the triggers that
// ask for them, and some triggers do nothing without another one.
func TestThePassSaysWhatThePatternsSay(t *testing.T) {
	engine := theEngine()
	patterns := make([]*regexp.Regexp, len(engine.triggers))
	for index, trigger := range engine.triggers {
		patterns[index] = regexp.MustCompile(trigger.Pattern)
	}
	values, all := valuesAndPieces(t)
	chooser := rand.New(rand.NewPCG(5, 6))
	for range 400 {
		values = append(values, madeOf(chooser, all, 5))
	}
	for _, text := range values {
		fired := engine.pass.fired(text)
		for index, pattern := range patterns {
			unasked := engine.pass.helpers>>index&1 != 0 && fired&engine.pass.asking == 0
			if needed := engine.needs[index]; needed >= 0 && engine.triggers[index].Alone {
				unasked = fired>>needed&1 == 0
			}
			if got := fired>>index&1 != 0; !unasked && got != pattern.MatchString(text) {
				t.Fatalf("%s in %q: %v", engine.triggers[index].Name, text, got)
			}
		}
	}
}

func TestTheVectorsLetEveryTriggerFire(t *testing.T) {
	engine, seen := theEngine(), uint64(0)
	values, _ := valuesAndPieces(t)
	for _, text := range values {
		seen |= engine.pass.fired(text)
	}
	for index, trigger := range engine.triggers {
		if seen>>index&1 == 0 {
			t.Errorf("%s never fires", trigger.Name)
		}
	}
}

// The states of the automata multiply when patterns that wait over long stretches share one: then they would be thrown away all the time.
func TestTheAutomataStaySmallOverVariedTexts(t *testing.T) {
	pass := newPass(theEngine().triggers)
	values, all := valuesAndPieces(t)
	chooser := rand.New(rand.NewPCG(7, 8))
	for range 5000 {
		values = append(values, madeOf(chooser, all, 4))
	}
	for _, text := range values {
		pass.fired(text)
	}
	const most = 7000
	if states := pass.words.States(); states > most {
		t.Errorf("words: %d states", states)
	}
	for _, group := range pass.groups {
		if states := group.set.States(); states > most {
			t.Errorf("%s: %d states", theEngine().triggers[group.numbers[0]].Name, states)
		}
	}
}

// The gate is derived, not written: a trigger that is asked of every text is one that nothing could be derived for.
func TestEveryTriggerNeedsSomething(t *testing.T) {
	pass := theEngine().pass
	for index, trigger := range theEngine().triggers {
		if pass.bytes[index] == 0 && pass.lists[index] == 0 {
			t.Errorf("%s is asked of every text", trigger.Name)
		}
	}
	if word := pass.possible("researcher"); bits.OnesCount64(word&^pass.wordy) != 0 {
		t.Errorf("a plain word keeps triggers without words: %b", word)
	}
}

func TestRequirementsOfPatterns(t *testing.T) {
	cases := []struct {
		pattern string
		words   int
		bytes   []string // of each set the members that are ASCII
		finite  bool
	}{
		{`(?i)token[a-z]*[:=]`, 1, []string{"Tt", ":="}, false},
		{`ab?c|abd`, 1, []string{"Aa"}, true},
		{`[0-9]{3}(?:-[0-9]{2}| [0-9])`, 0, []string{"0123456789", " -"}, false},
		{`(?:x+|y)*`, 0, nil, false},
		{`.*`, 0, nil, false},
		{`(?:secret|[0-9])=`, 0, []string{"Ss0123456789", "="}, false},
	}
	for _, c := range cases {
		needed, finite := requiredBy(c.pattern)
		if finite != c.finite || len(needed.words) != c.words {
			t.Errorf("%s: finite %v, words %q", c.pattern, finite, needed.words)
		}
		for _, want := range c.bytes {
			if !hasSetOf(needed.bytes, want) {
				t.Errorf("%s: no set of %q in %x", c.pattern, want, needed.bytes)
			}
		}
	}
}

func hasSetOf(sets []byteSet, members string) bool {
	var want byteSet
	for i := range len(members) {
		want.add(members[i])
	}
	for _, set := range sets {
		if set == want {
			return true
		}
	}
	return false
}
