"""What happens in conversations."""

from marketwright.kernel.events import declare

THREAD_OPENED = declare("thread.opened", "A conversation began: an invitation, an application or a question")
APPLIED = declare("thread.applied", "A freelancer applied to a mission; the subject is the thread")
MESSAGE_POSTED = declare("message.posted", "Somebody wrote in a thread; the subject is the thread")
THREAD_DECLINED = declare("thread.declined", "One side ended a conversation, with a reason; the subject is the thread")
