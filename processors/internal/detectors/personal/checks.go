package personal

import (
	"crypto/sha256"
	"hash/crc32"
	"math/big"
	"strings"
	"unicode/utf8"
)

// Check digits and other proofs that a run of characters is what it looks like. Digits are ASCII digits: the patterns saw to that.

const (
	base58Letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	base62Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	bech32Letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
)

// luhn checks ISO/IEC 7812-1 annex B: the weighted digit sum is a multiple of ten.
func luhn(digits string) bool {
	total := 0
	for place := range len(digits) {
		number := int(digits[len(digits)-1-place] - '0')
		if place&1 == 1 {
			if number *= 2; number > 9 {
				number -= 9
			}
		}
		total += number
	}
	return total%10 == 0
}

// mod97 checks ISO 13616: the rearranged number modulo 97 is 1. The account has ASCII letters and digits.
func mod97(account string) bool {
	rest := 0
	for i := range len(account) {
		b := account[(i+4)%len(account)]
		if isLetter(b) {
			rest = (rest*100 + int(b&^0x20) - 'A' + 10) % 97
		} else {
			rest = (rest*10 + int(b-'0')) % 97
		}
	}
	return rest == 1
}

// weighted sums digit times weight, over the shorter of both.
func weighted(digits string, weights ...int) int {
	total := 0
	for i := range min(len(digits), len(weights)) {
		total += int(digits[i]-'0') * weights[i]
	}
	return total
}

// mod11x10 checks ISO/IEC 7064 MOD 11,10, the check digit last.
func mod11x10(digits string) bool {
	if digits == "" {
		return false
	}
	product := 10
	for i := range len(digits) - 1 {
		total := (int(digits[i]-'0') + product) % 10
		if total == 0 {
			total = 10
		}
		product = total * 2 % 11
	}
	return (11-product)%10 == int(digits[len(digits)-1]-'0')
}

// base58check tells whether the last four bytes are the double SHA-256 of the 21 before them (Bitcoin addresses).
func base58check(address string) bool {
	number, base := new(big.Int), big.NewInt(58)
	for i := range len(address) {
		digit := strings.IndexByte(base58Letters, address[i])
		if digit < 0 {
			return false
		}
		number.Add(number.Mul(number, base), big.NewInt(int64(digit)))
	}
	if number.BitLen() > 200 {
		return false
	}
	var raw [25]byte
	number.FillBytes(raw[:])
	once := sha256.Sum256(raw[:21])
	twice := sha256.Sum256(once[:])
	return string(twice[:4]) == string(raw[21:])
}

// bech32 checks BIP 173 and BIP 350: the polynomial of prefix and data ends in 1 or in the bech32m constant.
func bech32(address string) bool {
	split := strings.LastIndexByte(address, '1')
	prefix, data := address[:max(split, 0)], address[split+1:]
	check := uint32(1)
	for i := range len(prefix) {
		check = bech32Step(check, uint32(prefix[i]>>5))
	}
	check = bech32Step(check, 0)
	for i := range len(prefix) {
		check = bech32Step(check, uint32(prefix[i]&31))
	}
	for i := range len(data) {
		value := strings.IndexByte(bech32Letters, data[i])
		if value < 0 {
			return false
		}
		check = bech32Step(check, uint32(value))
	}
	return check == 1 || check == 0x2bc830a3
}

func bech32Step(check, value uint32) uint32 {
	top := check >> 25
	check = (check&0x1ffffff)<<5 ^ value
	for bit, term := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
		if top>>bit&1 == 1 {
			check ^= term
		}
	}
	return check
}

// githubCRC tells whether the last six characters of a GitHub token are the CRC-32 of the body in base 62 (GitHub's engineering blog,
// 2021-04-05).
func githubCRC(token string) bool {
	_, body, _ := strings.Cut(token, "_")
	if utf8.RuneCountInString(body) < 6 {
		return false
	}
	split := len(body)
	for range 6 {
		_, size := utf8.DecodeLastRuneInString(body[:split])
		split -= size
	}
	number := crc32.ChecksumIEEE([]byte(body[:split]))
	text := []byte("000000")
	for place := len(text) - 1; number > 0 && place >= 0; place-- {
		text[place] = base62Letters[number%62]
		number /= 62
	}
	return string(text) == body[split:]
}
