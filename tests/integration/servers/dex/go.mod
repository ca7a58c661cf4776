// Copyright (c) 2026, the netapi.auth authors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// The Dex that NetBird has inside: both replacements are those of its go.mod, and go.sum has what its go.sum says of them.
module dex

go 1.25.0

tool github.com/dexidp/dex/cmd/dex

require github.com/dexidp/dex v2.13.0+incompatible

replace github.com/dexidp/dex => github.com/netbirdio/dex v0.244.1-0.20260716205454-a163de3129e5

replace github.com/dexidp/dex/api/v2 => github.com/netbirdio/dex/api/v2 v2.0.0-20260512110716-8d70ad8647c1
