package model

import "strings"

// Words makes a set of the words of a text: word lists read best as one.
func Words(text string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(text) {
		set[word] = true
	}
	return set
}
