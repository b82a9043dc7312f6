package placement

import (
	"time"

	"passerelle/internal/domain/ref"
)

// Internship is the tripartite convention of a placement of kind
// "internship": school, host and trainee.
type Internship struct {
	School       string
	SchoolCity   string
	Programme    string // course of study
	Tutor        string // at the host
	SchoolTutor  string
	Stipend      ref.Pay // allowance; may be not stated
	HoursPerWeek int     // hundredths
	Objectives   string
	SchoolSigned ref.Date
	HostSigned   ref.Date
	// TraineeSigned is set by the trainee's own acceptance of the contract.
	TraineeSigned ref.Date
	Evaluation    *Evaluation
	Certificate   string // number, once issued
	CertifiedAt   time.Time
}

// Evaluation is what the tutor says at the end: marks from 1 to 5.
type Evaluation struct {
	At       time.Time
	By       string
	Skills   int
	Conduct  int
	Autonomy int
	Comment  string
}

// Mission is an expert mission of a diaspora member, to Mali or elsewhere.
type Mission struct {
	Host      string
	Objective string
	Results   []string // expected
	Report    string
	ReportAt  time.Time
	Accepted  time.Time // by the host
}
