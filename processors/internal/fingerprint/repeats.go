package fingerprint

import "slices"

const longestCycle = 8 // functions that call each other in turn; as many as frames are kept

// repeats is what is left of a sequence of frames: kept has every direct repetition removed, end is how many of them had been read when
// the last repetition was found, period the length of that repetition, 0 if there was none.
type repeats struct {
	kept        []string
	end, period int
}

// collapse removes direct repetitions of blocks of 1 to 8 frames, shortest first, in one pass.
func collapse(names []string) repeats {
	numbers := make(map[string]int, len(names)) // numbers are compared many times, long names once
	var kept []int
	var found repeats
	for _, name := range names {
		number, seen := numbers[name]
		if !seen {
			number = len(numbers)
			numbers[name] = number
		}
		kept = append(kept, number)
		found.kept = append(found.kept, name)
		if length := repeated(kept); seen && length > 0 {
			kept = kept[:len(kept)-length]
			found.kept = found.kept[:len(kept)]
			found.end, found.period = len(kept), length
		}
	}
	return found
}

// repeated is the length of the shortest block that ends kept twice, 0 if there is none.
func repeated(kept []int) int {
	size := len(kept)
	for length := 1; length <= min(longestCycle, size/2); length++ {
		if slices.Equal(kept[size-length:], kept[size-2*length:size-length]) {
			return length
		}
	}
	return 0
}
