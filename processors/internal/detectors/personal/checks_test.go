package personal

import (
	"strings"
	"testing"
)

// Numbers are the samples that the issuers publish; one changed digit or letter must not pass.
func TestChecksTakePublishedNumbersAndNoOthers(t *testing.T) {
	rows := []struct {
		name    string
		check   func(string) bool
		valid   string
		invalid string
	}{
		{"luhn", luhn, "4111111111111111", "4111111111111112"},
		{"mod97", mod97, "GB82WEST12345698765432", "GB82WEST12345698765433"},
		{"mod97, small letters", mod97, "de89370400440532013000", "de89370400440532013001"},
		{"base58check", base58check, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "1BoatSLRHtKNngkdXEeobR76b53LETtpyX"},
		{"bech32", bech32, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"},
		{
			"bech32m", bech32, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
			"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj1",
		},
		{"US SSN", usSSN, "219099999", "219009999"},
		{"US routing", usRouting, "021000021", "021000022"},
		{"UK NINO", ukNINO, "JG103759A", "QQ123456C"},
		{"UK NHS", ukNHS, "9434765919", "9434765918"},
		{"Canada SIN", luhnID, "046454286", "046454287"},
		{"Australia TFN", auTFN, "123456782", "123456789"},
		{"Australia ABN", auABN, "51824753556", "51824753557"},
		{"Australia ACN", auACN, "004085616", "004085617"},
		{"German tax", mod11x10, "86095742719", "86095742718"},
		{"Croatia OIB", mod11x10, "94577403194", "94577403195"},
		{"Netherlands BSN", nlBSN, "111222333", "111222334"},
		{"Poland PESEL", plPESEL, "44051401359", "44051401358"},
		{"Sweden", sePersonal, "8112189876", "8112189877"},
		{"Sweden, 60 added to the day", sePersonal, "7010632391", "7013632391"},
		{"Norway", noBirth, "13097248022", "13097248023"},
		{"Romania CNP", roCNP, "1800101221144", "1800101221145"},
		{"Bulgaria EGN", bgEGN, "7523169263", "7523169264"},
		{"Turkey", trIdentity, "10000000146", "10000000147"},
		{"Russia INN, person", ruINN, "500100732259", "500100732258"},
		{"Russia INN, company", ruINN, "7707083893", "7707083894"},
		{"Brazil CPF", brCPF, "52998224725", "52998224724"},
		{"Brazil CNPJ", brCNPJ, "11222333000181", "11222333000182"},
		{"Argentina CUIT", arCUIT, "20123456786", "20123456787"},
		{"Chile RUT", clRUT, "123456785", "123456786"},
		{"Chile RUT, ten is K", clRUT, "10000013K", "100000131"},
		{"China", cnResident, "11010519491231002X", "110105194912310021"},
		{"Korea", krRRN, "9001011234568", "9013011234568"},
		{"South Africa", zaOrOther, "8001015009087", "80010150090"},
		{"Spain DNI", esDNI, "12345678Z", "12345678A"},
		{"Spain NIE", esDNI, "X1234567L", "Y1234567L"},
		{"Singapore", sgNRIC, "S1234567D", "S1234567A"},
		{"Singapore, foreigners", sgNRIC, "G1234567X", "F1234567X"},
		{"Italy", itFiscal, "RSSMRA85T10A562S", "RSSMRA85T10A562T"},
		{"Finland", fiHETU, "131052308T", "131052308A"},
		{"Mexico", mxCURP, "HEGG560427MVZRRL04", "HEGG560427MVZRRL05"},
	}
	for _, row := range rows {
		if !row.check(row.valid) {
			t.Errorf("%s: %s is refused", row.name, row.valid)
		}
		if row.check(row.invalid) {
			t.Errorf("%s: %s is taken", row.name, row.invalid)
		}
	}
}

// Forms hand whole numbers to the checks; a form that is changed one day must not make a collector panic.
func TestChecksSurviveAnyLength(t *testing.T) {
	for i := range keyed {
		if keyed[i].check != nil {
			tryLengths(keyed[i].check)
		}
	}
	for i := range alone {
		tryLengths(alone[i].check)
	}
	for _, check := range []func(string) bool{luhn, mod11x10, base58check, bech32, githubCRC} {
		tryLengths(check)
	}
}

func tryLengths(check func(string) bool) {
	for _, sign := range []string{"0", "9", "A", "Z", "X", "S", "1A", "é"} {
		for count := range 24 {
			check(strings.Repeat(sign, count))
		}
	}
}

func TestAGitHubTokenProvesItself(t *testing.T) {
	// The body is invented; its check is the CRC-32 of it in base 62.
	body := strings.Repeat("a1B2c", 6)
	token := "ghp_" + body + "4fl6IT"
	if !githubCRC(token) {
		t.Errorf("%s is refused", token)
	}
	if githubCRC("ghp_" + strings.Repeat("a1B2d", 6) + "4fl6IT") {
		t.Error("another body has the same check")
	}
	if githubCRC("ghp_abc") || githubCRC("") {
		t.Error("a short token is taken")
	}
}
