package model

import "testing"

// Python says so of each.
func TestLettersAreJudgedAsInPython(t *testing.T) {
	lower := map[string]string{"ΚΩΔΙΚΌΣ": "κωδικός", "ΣΑΣ Σ": "σας σ", "İD": "i\u0307d", "\u212a": "k", "ẞ": "ß", "AÉ": "aé"}
	for text, want := range lower {
		if got := Lower(text); got != want {
			t.Errorf("lower of %q: %q, want %q", text, got, want)
		}
	}
	type answers struct{ digits, letters, both, small, capital, title, changes bool }
	cases := map[string]answers{
		"":    {},
		"12":  {digits: true, both: true},
		"²٣":  {digits: true, both: true},
		"½":   {both: true},
		"ab":  {letters: true, both: true, small: true, changes: true},
		"AB":  {letters: true, both: true, capital: true},
		"Ab":  {letters: true, both: true, title: true, changes: true},
		"ß":   {letters: true, both: true, small: true, changes: true},
		"密":   {letters: true, both: true},
		"A b": {changes: true},
		"ª":   {letters: true, both: true, small: true},
		"ǅ":   {letters: true, both: true, title: true, changes: true},
	}
	for text, want := range cases {
		got := answers{
			AllDigits(text), AllLetters(text), AllLettersOrNumbers(text), AllLower(text), AllUpper(text), IsTitle(text), ChangesInUpper(text),
		}
		if got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func TestPositionsStayWhenLettersBecomeSmall(t *testing.T) {
	for _, text := range []string{"PASSWORD", "İSTANBUL", "\u212aEY", "ẞTRAßE", "Ⱥ", "ΣΑΣ", "a\xffb", "ÅÉ"} {
		if low := NewScan(text, Plain).Low; len(low) != len(text) {
			t.Errorf("%q: %d bytes become %d", text, len(text), len(low))
		}
	}
	if low := NewScan("Ärger ΣΑΣ", Plain).Low; low != "ärger σας" {
		t.Errorf("%q", low)
	}
}

func TestWindowsAreCountedInCharacters(t *testing.T) {
	text := "é密a\u200bz"
	if Back(text, len(text), 2) != len("é密a") || Back(text, 2, 9) != 0 {
		t.Error("back")
	}
	if Forward(text, 0, 2) != len("é密") || Forward(text, 3, 99) != len(text) {
		t.Error("forward")
	}
	if StartOfRun("xx12", 4, Digits, 1) != 3 || EndOfRun("12xx", 0, Digits, 9) != 2 {
		t.Error("runs")
	}
}
