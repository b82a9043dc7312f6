package main

import "testing"

func TestIdentify(t *testing.T) {
	for text, want := range map[string]string{
		"                                 Apache License\n                           Version 2.0, January 2004":                             "Apache-2.0",
		"MIT License\n\nPermission is hereby granted, free of charge, to any\nperson obtaining a copy of this software":                     "MIT",
		"Redistribution and use in source and\nbinary forms, with or without ... Neither the name of Google Inc.":                           "BSD-3-Clause",
		"Redistribution and use in source and binary forms, with or without modification":                                                   "BSD-2-Clause",
		"Mozilla Public License Version 2.0\n==================================":                                                            "MPL-2.0",
		"Permission to use, copy, modify, and/or distribute this software for any\npurpose with or without fee is hereby granted, provided": "ISC",
		"All rights reserved. No part may be used.":                                                                                         "",
	} {
		if got := identify([]byte(text)); got != want {
			t.Errorf("%.40q: %q, want %q", text, got, want)
		}
	}
}

func TestUnknownLicenceIsAnError(t *testing.T) {
	if _, err := licencesOf(module{Path: "example.org/none", Version: "v1.0.0", Dir: t.TempDir()}); err == nil {
		t.Error("a module without a licence passed")
	}
	if _, err := licencesOf(module{Path: "example.org/absent", Version: "v1.0.0"}); err == nil {
		t.Error("a module that is not there passed")
	}
}
