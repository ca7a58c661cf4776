// Copyright (c) 2026, the netapi.auth authors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

module hydra

go 1.25.0

tool github.com/ory/hydra/v2

require github.com/ory/hydra/v2 v2.3.0

// As its own go.mod has it, which counts only where it is the main module.
replace github.com/gobuffalo/pop/v6 => github.com/ory/pop/v6 v6.2.1-0.20241121111754-e5dfc0f3344b
