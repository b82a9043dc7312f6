package site_test

import (
	"net/url"
	"testing"
)

// employerIsDeclared: a name that sounds like an accredited employer's is shown
// first; what is none of them is declared once, and stands in the list.
func employerIsDeclared(t *testing.T, s *strict) {
	b := s.signedIn("agency")
	b.open("/agence/offres/nouvelle")
	b.open(b.link(`main a[href="/agence/employeurs/nouveau"]`)).sees(200, "h1", "Déclarer un employeur")
	b.submit("main form.ask", url.Values{"name": {"Cultivos <b>Essai</b> Nuevo"}}).sees(422, "#country-erreur", "")
	if b.Find("#name").AttrOr("value", "") != "Cultivos <b>Essai</b> Nuevo" {
		t.Error("what was typed is lost")
	}
	b.submit("main form.ask", url.Values{"country": {"ES"}, "sites-0-city": {"Huelva"}}).sees(200, ".flash", "déclaré").sees(200, ".list", "Cultivos <b>Essai</b> Nuevo")
	b.open("/agence/employeurs/nouveau").submit("main form.ask", url.Values{"name": {"Cultivos <b>Essai</b> Nuevos"}, "country": {"ES"}}).sees(409, "#proches ~ ul", "Cultivos <b>Essai</b> Nuevo")
	sent := fields(b.Find("main form.ask"))
	sent.Set("voie", "nouveau")
	b.post("/agence/employeurs/nouveau", sent).sees(200, ".flash", "déclaré")
	if b.post("/agence/employeurs/nouveau", sent); b.Find(`.list th:contains("Nuevos")`).Length() != 1 {
		t.Errorf("the form sent twice declares %d", b.Find(`.list th:contains("Nuevos")`).Length())
	}
	s.signedIn("agency2").open("/agence/employeurs")
}
