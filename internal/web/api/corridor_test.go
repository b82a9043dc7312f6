package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const soundCorridor = `{"bases":[{"title":{"fr":"Accord-cadre","en":"Framework"},"date":"2007-01-23","source":"BOE","confirmed":true}],` +
	`"floors":[{"prefix":"","amount":"1381.33"},{"prefix":"221","amount":"2000.00","source":"convention"}],"maxHours":40.5,"workerFees":false,` +
	`"kinds":["seasonal"],"regulated":["221"],"documents":[{"fr":"Passeport","en":"Passport"}],"notice":{"fr":"Vos droits","en":"Your rights"}}`

const newRecord = "If-None-Match: *"

func TestCorridorIsPut(t *testing.T) {
	r := startRegisters(t)
	const path = "/corridors/ML-ES"
	r.call(428, "PUT", path, "official1", soundCorridor)
	r.call(404, "PUT", path, "official1", soundCorridor, `If-Match: "v1"`)
	made := r.call(200, "PUT", path, "official1", soundCorridor, newRecord)
	if made["rev"] != 1.0 || made["open"] != true || made["maxHours"] != 40.5 || made.text("destination") != "ES" || r.heard.last() != "corridor ML-ES" {
		t.Errorf("made %v, heard %q", made, r.heard.last())
	}
	r.call(412, "PUT", path, "official1", soundCorridor, newRecord)
	r.call(412, "PUT", path, "official1", soundCorridor, `If-Match: "v2"`)
	for token, status := range map[string]int{"": 401, "candidate1": 403, "agency1": 403, "admin1": 403, "observer1": 403} {
		r.call(status, "PUT", path, token, soundCorridor, `If-Match: "v1"`)
	}
	again := r.call(200, "PUT", path, "official2", strings.Replace(soundCorridor, "40.5", "44", 1), `If-Match: "v1"`)
	if again["rev"] != 2.0 || again["maxHours"] != 44.0 {
		t.Errorf("replaced: %v", again)
	}
	seen := r.call(200, "GET", path, "", "")
	if !strings.Contains(fmt.Sprint(seen["floors"]), "1381.33") || seen.text("name") != "Espagne" {
		t.Errorf("the public sees %v", seen)
	}
	if english := r.call(200, "GET", path, "", "", "Accept-Language: en"); english.text("name") != "Spain" {
		t.Errorf("in English it is %q", english.text("name"))
	}
}

// TestWhatIsShownCanBeSentBack puts the data members of an answer unchanged.
func TestWhatIsShownCanBeSentBack(t *testing.T) {
	r := startRegisters(t)
	made := r.call(200, "PUT", "/corridors/ML-ES", "official1", soundCorridor, newRecord)
	body := record{}
	for _, name := range []string{"bases", "floors", "maxHours", "workerFees", "kinds", "regulated", "documents", "notice"} {
		body[name] = made[name]
	}
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	again := r.call(200, "PUT", "/corridors/ML-ES", "official1", string(data), `If-Match: "v1"`)
	for name := range body {
		if fmt.Sprint(again[name]) != fmt.Sprint(made[name]) {
			t.Errorf("%s went from %v to %v", name, made[name], again[name])
		}
	}
}

func TestCorridorBodyIsChecked(t *testing.T) {
	r := startRegisters(t)
	for body, want := range map[string]string{
		`{"maxHours":169}`:                                                           "/maxHours too_large",
		`{"maxHours":"40"}`:                                                          "/maxHours type",
		`{"floors":[{"prefix":"","amount":"12"}]}`:                                   "/floors/0/amount ref.amount",
		`{"floors":[{"prefix":"x","amount":"1.00"}]}`:                                "/floors/0/prefix occupation",
		`{"floors":[{"prefix":"","amount":"0.00"}]}`:                                 "/floors/0/amount corridor.floor",
		`{"floors":[{"prefix":"2","amount":"1.00"},{"prefix":"2","amount":"2.00"}]}`: "/floors/1/prefix unique",
		`{"bases":[{"title":{"fr":"A"},"confirmed":true}]}`:                          "/bases/0/source corridor.source.required",
		`{"bases":[{"title":{"en":"A"}}]}`:                                           "/bases/0/title/fr required",
		`{"kinds":["x"]}`:                                                            "/kinds/0 kind",
		`{"suspensions":[]}`:                                                         "/suspensions unknown",
		`{"notice":{"en":"Your rights"}}`:                                            "/notice/fr required",
		`{"documents":[{"fr":""}]}`:                                                  "/documents/0/fr required",
		`{"regulated":["221","221"]}`:                                                "/regulated/1 unique",
		`{"workerFees":"yes"}`:                                                       "/workerFees type",
	} {
		if got := r.call(422, "PUT", "/corridors/ML-ES", "official1", body, newRecord).codes(); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
	for _, path := range []string{"/corridors/ML-XX", "/corridors/ES-FR", "/corridors/ML-ML", "/corridors/mles"} {
		r.call(404, "PUT", path, "official1", soundCorridor, newRecord)
		r.call(404, "GET", path, "", "")
	}
}

func TestCorridorSwitch(t *testing.T) {
	r := startRegisters(t)
	const path = "/corridors/ML-ES"
	r.call(200, "PUT", path, "official1", soundCorridor, newRecord)
	order := `{"act":"Arrêté 12","evidence":"Journal officiel"}`
	r.call(404, "POST", "/corridors/ML-FR/suspensions", "official1", order)
	if got := r.call(422, "POST", path+"/suspensions", "official1", `{"kind":"seasonal"}`).codes(); got != "/act required, /evidence required" {
		t.Errorf("without an act: %s", got)
	}
	part := r.call(200, "POST", path+"/suspensions", "official1", `{"kind":"seasonal","occupation":"92","act":"Arrêté 11","evidence":"JO"}`)
	if part["open"] != true {
		t.Error("a suspended part closes the whole")
	}
	closed := r.call(200, "POST", path+"/suspensions", "official1", order)
	if closed["open"] != false || closed["rev"] != 3.0 || r.heard.last() != "corridor ML-ES" {
		t.Errorf("closed: %v", closed)
	}
	if again := r.call(200, "POST", path+"/suspensions", "official2", order); again["rev"] != 3.0 {
		t.Errorf("the same act twice made revision %v", again["rev"])
	}
	public := r.call(200, "GET", path, "", "")
	if got := fmt.Sprint(public["suspensions"]); !strings.Contains(got, "Arrêté 12") || strings.Contains(got, "by:") {
		t.Errorf("the public sees %s", got)
	}
	lift := `{"act":"Arrêté 20","evidence":"Journal officiel"}`
	if got := r.call(403, "POST", path+"/reopenings", "official1", lift); got.text("code") != "four_eyes.same" {
		t.Errorf("reopened by the one who suspended: %v", got)
	}
	for token, status := range map[string]int{"": 401, "candidate1": 403, "agency1": 403, "admin1": 403, "observer1": 403} {
		r.call(status, "POST", path+"/suspensions", token, order)
		r.call(status, "POST", path+"/reopenings", token, lift)
	}
	open := r.call(200, "POST", path+"/reopenings", "official2", lift)
	if open["open"] != true || fmt.Sprint(open["suspensions"]) != "[]" || !strings.Contains(fmt.Sprint(open["reopenings"]), "Arrêté 12") {
		t.Errorf("reopened: %v", open)
	}
	r.call(409, "POST", path+"/reopenings", "official3", `{"act":"Arrêté 21","evidence":"JO"}`)
	list := r.call(200, "GET", "/corridors?limit=1", "", "")
	if list["total"] != 1.0 || !strings.Contains(fmt.Sprint(list["items"]), "ML-ES") {
		t.Errorf("list %v", list)
	}
}
