package detectors

import "regexp/syntax"

// head returns a pattern that occurs in every text in which the given one occurs: its beginning, up to the first part that may be repeated.
func head(pattern string) string {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic(err)
	}
	cut, _ := beginning(tree)
	return cut.String()
}

// beginning cuts a tree; it tells whether nothing was cut off.
func beginning(re *syntax.Regexp) (*syntax.Regexp, bool) {
	cut, whole := *re, true
	switch re.Op {
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		return &syntax.Regexp{Op: syntax.OpEmptyMatch}, false
	case syntax.OpConcat, syntax.OpAlternate, syntax.OpCapture:
		cut.Sub = nil
		for _, sub := range re.Sub {
			kept, all := beginning(sub)
			cut.Sub, whole = append(cut.Sub, kept), whole && all
			if !all && re.Op == syntax.OpConcat {
				break
			}
		}
	}
	return &cut, whole
}
