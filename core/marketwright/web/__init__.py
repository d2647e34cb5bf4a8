"""The kit that pages are made with: rendering, sessions, policies, forms, CSRF, headers, errors, layout, assets."""
