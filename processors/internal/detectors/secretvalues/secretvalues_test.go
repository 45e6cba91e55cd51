package secretvalues

import "testing"

func TestPlaceholdersStandForNothing(t *testing.T) {
	for _, value := range []string{
		"", "${TOKEN}", "<token>", "***", "[secret]", "null", "Redacted.", "{{ x }}", "%s", "$(cmd", "x[card]y", "xxxx", "os.environ['A']",
	} {
		if !IsPlaceholder(value) {
			t.Errorf("%q is taken for a value", value)
		}
	}
	for _, value := range []string{"hunter2", "[Secret", "a***", "x", "<a>b", "none of these words here", "pa$$w0rd"} {
		if IsPlaceholder(value) != (value == "[Secret") {
			t.Errorf("%q: placeholder %v", value, IsPlaceholder(value))
		}
	}
}

func TestGeneratedWordsLookRandom(t *testing.T) {
	cases := []struct {
		value    string
		shortest int
		want     bool
	}{
		{"a8f5f167f44f4964", 16, true}, {"a8f5f167", 16, false}, {"a8f5f167", 8, true}, {"12345678901234567890", 16, false},
		{"QwErTyUiOpAsDfGhJkLz", 16, true}, {"quickbrownfoxjumpsover", 16, false}, {"Quickbrownfoxjumpsoverit", 16, false},
		{"two words 1234567", 8, false},
		{"version1", 8, false}, {"ver-sion1", 8, false}, {"ver+sion1", 8, true},
	}
	for _, c := range cases {
		if got := LooksRandom(c.value, c.shortest); got != c.want {
			t.Errorf("%q (%d): %v", c.value, c.shortest, got)
		}
	}
}

func TestWordsThatAreSecrets(t *testing.T) {
	quoted := map[string]bool{
		"hunter2": true, "hunter": true, "no": false, "Please enter your password": false, "correct horse": true,
	}
	for value, want := range quoted {
		if got := QuotedSecret(value, true); got != want {
			t.Errorf("quoted %q: %v", value, got)
		}
	}
	for value, want := range map[string]bool{"hunter2": true, "user.password": false, "getenv(x)": false, "s3cr3t!": true, "abc": false} {
		if got := BareSecret(value, true, false); got != want {
			t.Errorf("bare %q: %v", value, got)
		}
	}
	if BareSecret("abc", true, true) != true || BareSecret("config.get('x')", true, true) {
		t.Error("NAME=value takes short words, but no expressions")
	}
}
