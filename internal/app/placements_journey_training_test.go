package app

import (
	"maps"
	"net/http"
	"strings"
)

// internship is a placement of a trainee: nobody leaves before school, host
// and trainee have signed.
func (j *voyage) internship() {
	j.begin("ML", object{"kind": "internship", "durationMonths": 4, "description": "Stage de fin d’études sur un chantier, avec un tuteur."})
	convention := object{"school": "École nationale d’ingénieurs", "schoolCity": "Bamako", "programme": "Génie civil", "tutor": "Carmen Ruiz",
		"hoursPerWeek": "40", "objectives": "Suivre un chantier de bout en bout.", "schoolSigned": j.day(0)}
	j.does("agency", "state the convention; the host has not signed", "conventions", convention, "opened")
	j.proposes(1, nil)
	j.signs(1, "contract_accepted")
	if j.file.Internship.TraineeSigned == "" {
		j.t.Error("the acceptance is not the trainee's signature")
	}
	j.completes("under_review")
	j.cannot("official A", "review without the host's signature", "reviews", nil, http.StatusConflict, "placement.convention.missing")
	j.does("official A", "give the file back", "returns", object{"reason": "documents_missing"}, "contract_proposed")
	signed := maps.Clone(convention)
	signed["hostSigned"] = j.day(0)
	j.does("agency", "state the convention; all but the trainee signed", "conventions", signed, "contract_proposed")
	j.accepts("under_review")
	j.clears("official A", "official B")
	j.travels("Almería")
	j.days(110)
	j.does("agency", "the tutor's evaluation", "evaluations", object{"by": "Carmen Ruiz", "skills": 4, "conduct": 5, "autonomy": 4}, "in_post")
	j.cannot("official A", "certify before the end", "internship-certificates", nil, http.StatusConflict, "transition")
	j.does("candidate", "the internship ends", "endings", object{"outcome": "completed", "on": j.day(0)}, "completed")
	j.does("official A", "issue the certificate", "internship-certificates", nil, "completed")
	if !strings.HasPrefix(j.file.Internship.Certificate, "ATT-") {
		j.t.Errorf("certificate %q", j.file.Internship.Certificate)
	}
	j.does("candidate", "come home", "homecomings", object{"outcome": "returned", "on": j.day(0)}, "returned")
}

// mission is an expert of the diaspora on a mission to Mali.
func (j *voyage) mission() {
	j.begin("FR", object{
		"kind": "expert_mission", "country": "ML", "city": "Kayes", "durationMonths": 1, "description": "Former l’équipe de chantier de l’hôpital.",
		"pay": object{"amount": "900000", "currency": "XOF", "period": "month", "basis": "gross"},
	})
	brief := object{"host": "Hôpital de Kayes", "objective": "Former l’équipe technique.", "results": []string{"Six personnes formées"}}
	j.does("agency", "state the mission", "missions", brief, "opened")
	j.proposes(1, nil)
	j.signs(1, "contract_accepted")
	for _, item := range j.file.Checklist {
		if item.Key == "visa" {
			j.t.Error("a visa is asked for, to come home")
		}
	}
	j.completes("under_review")
	j.clears("official B", "official A")
	j.cannot("candidate", "report before arriving", "mission-reports", object{"report": "Fait."}, http.StatusConflict, "transition")
	j.travels("Kayes")
	j.days(25)
	j.cannot("agency", "accept a report that is not there", "report-acceptances", nil, http.StatusConflict, "transition")
	j.does("candidate", "report on the mission", "mission-reports", object{"report": "Sept personnes ont été formées."}, "in_post")
	j.does("agency", "the host accepts the report", "report-acceptances", nil, "in_post")
	if j.file.Mission.AcceptedAt.IsZero() {
		j.t.Error("the report is not accepted")
	}
	j.does("agency", "the mission ends", "endings", object{"outcome": "completed", "on": j.day(0)}, "completed")
	j.does("candidate", "go back", "homecomings", object{"outcome": "returned", "on": j.day(0)}, "returned")
}
