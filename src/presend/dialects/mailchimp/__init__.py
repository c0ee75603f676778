"""Mailchimp's merge tags: our own parser and reading, from what Mailchimp's help pages say and where they are silent.

Tags that Mailchimp fills in by itself (`*|UNSUB|*`, `*|LIST:ADDRESS|*`, feeds, polls, and conditions on the account
such as `*|IF:REWARDS|*`) print something that cannot be known from here but does not depend on the recipient's data.
Their expressions carry an `effect` and come out as LITERAL with the tag's own source: the reading leaves them as they
stand, and the platform puts its own text there. Everything whose behaviour is undocumented comes out as UNKNOWN, for
the values it concerns only; nothing in this language makes Mailchimp skip a recipient.
"""

from presend.dialects.mailchimp.dialect import MailchimpDialect

__all__ = ["MailchimpDialect"]
