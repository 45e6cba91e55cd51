package personal

import (
	"strconv"
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// Check digits of national numbers. Each takes the letters (in capitals) and digits without separators, as its form found them.

// digitAt returns a digit of a number, -1 where there is none.
func digitAt(number string, place int) int {
	if b := byteAt(number, place); model.IsDigit(b) {
		return int(b - '0')
	}
	return -1
}

// span returns number[from:to], as much of it as there is.
func span(number string, from, to int) string {
	to = min(to, len(number))
	return number[min(from, to):to]
}

// between tells whether the two digits at a place, less any multiple of wrap, lie in low…high.
func between(number string, place, low, high, wrap int) bool {
	value := (digitAt(number, place)*10 + digitAt(number, place+1)) % wrap
	return value >= low && value <= high
}

// hasDigits: at least four digits, so a document number and not a word.
func hasDigits(number string) bool { return digitsIn(number) > 3 }

// manyDigits: at least six digits.
func manyDigits(number string) bool { return digitsIn(number) > 5 }

// luhnID: Canada's SIN, Israel, Italian VAT, IMEI.
func luhnID(number string) bool { return digitsOnly(number) && luhn(number) && kinds(number, 2) > 1 }

// usSSN: any group but zeros; beside its keyword a number counts even where the area was never issued.
func usSSN(number string) bool {
	return span(number, 3, 5) != "00" && span(number, 5, len(number)) != "0000" && kinds(number, 2) > 1
}

// usRouting: ABA, weights 3, 7, 1.
func usRouting(number string) bool { return weighted(number, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 == 0 }

// ukNINO: not the well-known sample number 123456 and not one of the prefixes that are never given out (HMRC NIM39110).
func ukNINO(number string) bool {
	switch span(number, 0, 2) {
	case "BG", "GB", "KN", "NK", "NT", "TN", "ZZ":
		return false
	}
	return span(number, 2, 8) != "123456"
}

// ukNHS: weights 10 to 2, modulo 11.
func ukNHS(number string) bool {
	check := 11 - weighted(number, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11
	return check%11 == digitAt(number, 9) && check != 10
}

// auTFN: tax file number, modulo 11.
func auTFN(number string) bool {
	if len(number) == 9 {
		return weighted(number, 1, 4, 3, 7, 5, 8, 6, 9, 10)%11 == 0
	}
	return weighted(number, 10, 7, 8, 4, 6, 3, 5, 1)%11 == 0
}

// auABN: business number, first digit less one, modulo 89.
func auABN(number string) bool {
	return digitAt(number, 0) > 0 && (weighted(number, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)-10)%89 == 0
}

// auACN: company number, weights 8 to 1, complement to ten.
func auACN(number string) bool {
	return (10-weighted(number, 8, 7, 6, 5, 4, 3, 2, 1)%10)%10 == digitAt(number, 8)
}

// nlBSN: eleven test, last weight -1.
func nlBSN(number string) bool { return weighted(number, 9, 8, 7, 6, 5, 4, 3, 2, -1)%11 == 0 }

// plPESEL: weights 1 3 7 9, complement to ten.
func plPESEL(number string) bool { return weighted(number, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)%10 == 0 }

// sePersonal: Luhn over the last ten digits, a month in the third and fourth, a day (or day + 60) in the next.
func sePersonal(number string) bool {
	ten := number[max(0, len(number)-10):]
	return digitsOnly(ten) && luhn(ten) && between(ten, 2, 1, 12, 100) && between(ten, 4, 1, 31, 60)
}

// noBirth: two check digits, modulo 11.
func noBirth(number string) bool {
	return weighted(number, 3, 7, 6, 1, 8, 9, 4, 5, 2, 1)%11 == 0 && weighted(number, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0
}

// roCNP: weights 279146358279, modulo 11, ten counts as one.
func roCNP(number string) bool {
	check := weighted(number, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11
	if check == 10 {
		check = 1
	}
	return check == digitAt(number, 12)
}

// bgEGN: weights 2 4 8 5 10 9 7 3 6, modulo 11 modulo 10.
func bgEGN(number string) bool {
	return weighted(number, 2, 4, 8, 5, 10, 9, 7, 3, 6)%11%10 == digitAt(number, 9)
}

// trIdentity: the tenth digit from the odd and even places, the eleventh from the sum.
func trIdentity(number string) bool {
	// 7 times the odd places less the even ones, never below zero here: 10 - 1 = 9 is the same modulo ten.
	tenth := weighted(number, 7, 9, 7, 9, 7, 9, 7, 9, 7) % 10
	return tenth == digitAt(number, 9) && weighted(number, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)%10 == digitAt(number, 10)
}

// ruINN: one check digit (10 digits) or two (12 digits), modulo 11 modulo 10.
func ruINN(number string) bool {
	weights := []int{3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8}
	if len(number) == 10 {
		return weighted(number, weights[2:]...)%11%10 == digitAt(number, 9)
	}
	return weighted(number, weights[1:]...)%11%10 == digitAt(number, 10) && weighted(number, weights...)%11%10 == digitAt(number, 11)
}

func twoChecks(number string, first, second []int) bool {
	for _, weights := range [][]int{first, second} {
		check := 11 - weighted(number, weights...)%11
		if check > 9 {
			check = 0
		}
		if check != digitAt(number, len(weights)) {
			return false
		}
	}
	return kinds(number, 2) > 1
}

// brCPF: two check digits, weights 10 to 2 and 11 to 2.
func brCPF(number string) bool {
	weights := []int{11, 10, 9, 8, 7, 6, 5, 4, 3, 2}
	return twoChecks(number, weights[1:], weights)
}

// brCNPJ: two check digits, weights 5 to 2 and 9 to 2.
func brCNPJ(number string) bool {
	weights := []int{6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2}
	return twoChecks(number, weights[1:], weights)
}

// arCUIT: weights 5 4 3 2 7 6 5 4 3 2, complement to eleven.
func arCUIT(number string) bool {
	return (11-weighted(number, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11)%11 == digitAt(number, 10)
}

// clRUT: weights 2 to 7 from the right, ten is K.
func clRUT(number string) bool {
	if number == "" {
		return false
	}
	digits, total := number[:len(number)-1], 0
	for place := range len(digits) {
		total += digitAt(digits, len(digits)-1-place) * (2 + place%6)
	}
	return total >= 0 && "0123456789K0"[11-total%11] == number[len(digits)]
}

// cnResident: GB 11643, ISO 7064 MOD 11-2, a plausible date of birth inside.
func cnResident(number string) bool {
	if !between(number, 10, 1, 12, 100) || !between(number, 12, 1, 31, 100) {
		return false
	}
	total := weighted(span(number, 0, 17), 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
	return "10X98765432"[total%11] == byteAt(number, 17)
}

// krRRN: numbers given out since October 2020 have no check digit, so month and day are asked instead.
func krRRN(number string) bool {
	return between(number, 2, 1, 12, 100) && between(number, 4, 1, 31, 100)
}

// zaOrOther: thirteen digits with a date or Luhn (South Africa), or letters and at least six digits.
func zaOrOther(number string) bool {
	if digitsOnly(number) {
		return len(number) == 13 && (luhn(number) || between(number, 2, 1, 12, 100))
	}
	return manyDigits(number)
}

// esDNI: the letter is the number modulo 23 (Real Decreto 338/1990).
func esDNI(number string) bool {
	if number == "" {
		return false
	}
	last := len(number) - 1
	digits, err := strconv.Atoi(strings.NewReplacer("X", "0", "Y", "1", "Z", "2").Replace(number[:last]))
	return err == nil && digits >= 0 && "TRWAGMYFPDXBNJZSQVHLCKE"[digits%23] == number[last]
}

// sgNRIC: weights 2 7 6 5 4 3 2, a table of letters for each series.
func sgNRIC(number string) bool {
	letters, start := "", 0
	switch byteAt(number, 0) {
	case 'S':
		letters = "JZIHGFEDCBA"
	case 'T':
		letters, start = "JZIHGFEDCBA", 4
	case 'F':
		letters = "XWUTRQPNMLK"
	case 'G':
		letters, start = "XWUTRQPNMLK", 4
	case 'M':
		letters, start = "KLJNPQRTUWX", 3
	default:
		return false
	}
	return letters[(weighted(number[1:], 2, 7, 6, 5, 4, 3, 2)+start)%11] == byteAt(number, 8)
}

// Values of digits and letters on odd places, by the decree of 12 March 1974.
var fiscalOdd = [36]int{
	1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
}

// itFiscal: odd and even places by their tables.
func itFiscal(number string) bool {
	total := 0
	for place := range min(len(number), 15) {
		value, isDigit := int(number[place]-'A'), model.IsDigit(number[place])
		if isDigit {
			value = int(number[place] - '0')
		}
		if place%2 == 0 {
			if !isDigit {
				value += 10
			}
			value = fiscalOdd[max(0, value)%36]
		}
		total += value
	}
	return byte('A'+total%26) == byteAt(number, 15)
}

// fiHETU: the nine digits modulo 31.
func fiHETU(number string) bool {
	if number == "" {
		return false
	}
	last := len(number) - 1
	digits := digitsOf(number[:last])
	value, err := strconv.Atoi(digits)
	return err == nil && len(digits) == 9 && "0123456789ABCDEFHJKLMNPRSTUVWXY"[value%31] == number[last]
}

// mxCURP: weights 18 to 2, complement to ten. The letter between N and O counts as well, so later letters are one more.
func mxCURP(number string) bool {
	total := 0
	for place := range min(len(number), 17) {
		value := int(number[place]-'A') + 10
		switch b := number[place]; {
		case model.IsDigit(b):
			value = int(b - '0')
		case b > 'N':
			value++
		}
		total += value * (18 - place)
	}
	return (10-total%10)%10 == digitAt(number, 17)
}
