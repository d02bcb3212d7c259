"""Which rules of Slack hold for blocks and views?"""

from __future__ import annotations

from bot.sandbox.rules import elements
from bot.sandbox.rules.base import Rule, limits, listed

_BLOCKS = "D:reference/block-kit/blocks"
_VIEWS = "D:reference/views"
_ERRORS = "several public repositories"

_SHAPE = listed(
    "blockkit.py", _ERRORS,
    ("blocks.refusal", None, "chat: `invalid_blocks`, `errors`, `[ERROR] ...` and JSON pointers"),
    ("views.refusal", None, "views.*: `invalid_arguments` with the same messages"),
    ("blocks.format", None, "`blocks` that are no JSON list: `invalid_blocks_format`"),
) + listed(
    "kinds.py", _ERRORS,
    ("blocks.type", None, "A kind Slack does not know: `unsupported type: X`, pointer to `type`"),
    ("blocks.required", None, "A field that is missing: `missing required field: X`"),
    ("blocks.length", None, "Longer text: `must be less than N+1 characters`"),
) + listed(
    "kinds.py", "tk",
    ("blocks.unknown_field", None, "A field that is not documented is refused"),
    ("blocks.empty", None, "Empty lists are refused: at least one item"),
)  # fmt: skip

_COUNTS = listed(
    "blockkit.py", _BLOCKS,
    ("blocks.message.count", 50, "Blocks in a message"),
    ("blocks.block_id.unique", None, "No two blocks of a message or view share a `block_id`"),
    ("blocks.markdown.sum", 12_000, "Characters of all markdown blocks of a message together"),
    ("blocks.data_visualization.count", 2, "data_visualization blocks in a message"),
) + listed(
    "blockkit.py", "tk",
    ("blocks.table.one", None, "One table or data_table a message: `invalid_attachments` with "
     "`only_one_table_allowed`"),
    ("blocks.plan.one", 1, "plan blocks in a message"),
) + listed(
    "blockkit.py", "D:reference/block-kit/block-elements",
    ("blocks.focus", 1, "Elements with `focus_on_load` in a message or view"),
    ("blocks.response_url", None, "`response_url_enabled` only in input blocks of modals"),
) + listed(
    "blockkit.py", f"{_BLOCKS}/actions-block",
    ("blocks.action_id.unique", None, "No two elements of a block share an `action_id`"),
)  # fmt: skip

_SURFACES = listed(
    "kit/blocks.py", "tk",
    ("blocks.on.message", None, "Not in messages: alert, file"),
    ("blocks.on.modal", None, "Not in modals: card, carousel, context_actions, "
     "data_visualization, file, markdown, plan, table, task_card"),
    ("blocks.on.home", None, "Not in App Home: alert, context_actions, file, markdown, plan, "
     "table, task_card"),
    ("blocks.on.file_input", None, "file_input only in modals"),
    ("blocks.on.datetimepicker", None, "datetimepicker only in actions and input blocks"),
) + (
    Rule("blocks.on.home.data_visualization", "Not in App Home: data_visualization (one source "
         "forbids it, one shows it)", "tk, disputed", "methods/views.py", switch="home_charts"),
)  # fmt: skip

_BASIC = listed(
    "kit/blocks.py", _BLOCKS,
    ("blocks.block_id", 255, "`block_id`: characters"),
    ("blocks.section.text", 3000, "Text of a section: characters, at least one"),
    ("blocks.section.fields", 10, "Fields of a section"),
    ("blocks.section.field", 2000, "Text of a section's field: characters"),
    ("blocks.section.either", None, "A section has text or fields"),
    ("blocks.header.text", 150, "Text of a header: characters"),
    ("blocks.header.plain", None, "The text of a header is plain_text"),
    ("blocks.actions.elements", 25, "Elements of an actions block, at least one"),
    ("blocks.context.elements", 10, "Elements of a context block, at least one"),
    ("blocks.context.text", 3000, "Text in a context block: characters"),
    ("blocks.context_actions.elements", 5, "Elements of a context_actions block, at least one"),
    ("blocks.image.url", 3000, "`image_url`: characters"),
    ("blocks.image.alt_text", 2000, "`alt_text` of an image: characters"),
    ("blocks.image.title", 2000, "Title of an image: characters"),
    ("blocks.image.one_source", None, "An image has `image_url` or `slack_file`, not both"),
    ("blocks.input.label", 2000, "Label of an input: characters"),
    ("blocks.input.hint", 2000, "Hint of an input: characters"),
    ("blocks.markdown.text", 12_000, "Text of a markdown block: characters"),
    ("blocks.rich_text.elements", None, "rich_text: section, list, quote, preformatted; their "
     "parts text, link, user, usergroup, team, channel, emoji, broadcast, color, date"),
    ("blocks.video.title", 199, "Title of a video: fewer characters than 200"),
    ("blocks.video.author", 49, "Author of a video: fewer characters than 50"),
    ("blocks.call", None, "call (legacy) needs its `call_id`"),
) + listed(
    "kit/blocks.py", "tk",
    ("blocks.header.level", 4, "Level of a header: 1 to"),
    ("blocks.video.required", None,
     "A video has alt_text, title, thumbnail_url and an https video_url"),
    ("blocks.input.file_dispatch", None, "A file_input dispatches no action"),
) + (
    Rule("blocks.image.download", "An image that cannot be fetched: `downloading image failed`",
         _ERRORS, why_not="nothing is fetched from outside this machine"),
)  # fmt: skip

_CARDS = listed(
    "kit/cards.py", "tk",
    ("blocks.card.title", 150, "Title of a card: characters"),
    ("blocks.card.subtitle", 150, "Subtitle of a card: characters"),
    ("blocks.card.body", 200, "Body of a card: characters"),
    ("blocks.card.actions", 2, "Buttons of a card"),
    ("blocks.card.content", None, "A card has a hero_image, title, body or actions"),
    ("blocks.carousel.cards", 10, "Cards of a carousel, at least one"),
    ("blocks.alert.level", None, "Level of an alert: default, info, warning, error, success"),
    ("blocks.container.title", 150, "Title of a container: characters"),
    ("blocks.container.subtitle", 150, "Subtitle of a container: characters"),
    ("blocks.container.blocks", 10, "Blocks in a container, at least one"),
    ("blocks.container.nested", None, "No container in a container; only documented kinds"),
    ("blocks.container.titled", None, "A container has a title or rich_text_title"),
    ("blocks.container.width", None, "Width of a container: narrow, standard, wide, full"),
    ("blocks.container.collapsed", None, "default_collapsed only with is_collapsible"),
    ("blocks.plan.tasks", None, "A plan has a title; its tasks are task cards"),
    ("blocks.task_card.required", None, "A task card has a task_id and a title"),
    ("blocks.task_card.status", None,
     "Status of a task card: pending, in_progress, complete, error"),
    ("blocks.task_card.sources", None, "Sources of a task card are url elements"),
) + listed(
    "kit/cards.py", "3.47",
    ("blocks.auth_provider.value", 150, "Value of an auth_provider: characters"),
    ("blocks.auth_provider.name", 75, "Name of an auth_provider: characters"),
    ("blocks.auth_provider.description", 150, "Description of an auth_provider: characters"),
    ("blocks.auth_provider.connected", 75, "Connected identity and context: characters each"),
    ("blocks.auth_provider.url", 3000, "URLs of an auth_provider: characters each"),
    ("blocks.auth_provider.accessory", None, "Accessory of an auth_provider: overflow only"),
)  # fmt: skip

_TABLES = listed(
    "kit/tables.py", f"{_BLOCKS}/table-block",
    ("blocks.table.rows", 100, "Rows of a table, at least one"),
    ("blocks.table.cells", 20, "Cells of a table's row"),
    ("blocks.table.columns", 20, "Column settings of a table"),
) + listed(
    "kit/tables.py", f"{_BLOCKS}/data-table-block",
    ("blocks.data_table.rows", 101, "Rows of a data_table with its header"),
    ("blocks.data_table.fewest", 2, "Rows of a data_table at least: the header and one more"),
    ("blocks.data_table.columns", 20, "Columns of a data_table"),
    ("blocks.data_table.equal", None, "All rows of a data_table have equally many cells"),
    ("blocks.data_table.header", None, "No rich_text in the header of a data_table"),
    ("blocks.data_table.characters", 10_000, "Characters of all cells of a data_table"),
    ("blocks.data_table.page_size", 100, "Page size of a data_table: 1 to"),
    ("blocks.data_table.caption", None, "A data_table has a caption"),
) + listed(
    "kit/tables.py", f"{_BLOCKS}/data-visualization-block",
    ("blocks.data_visualization.title", 50, "Title of a data_visualization: characters"),
    ("blocks.data_visualization.series", 6, "Series or segments of a chart, at least one"),
    ("blocks.data_visualization.categories", 20, "Categories of a chart"),
    ("blocks.data_visualization.label", 20, "Labels and names in a chart: characters"),
    ("blocks.data_visualization.axis", 50, "Labels of a chart's axes: characters"),
    ("blocks.data_visualization.segment", None, "Segments of a pie are greater than 0"),
) + listed(
    "kit/tables.py", "tk",
    ("blocks.data_visualization.points", None,
     "Names of series are unique; each has one point per category"),
)  # fmt: skip

_VIEW = listed(
    "kit/views.py", _VIEWS,
    ("views.title", 24, "Title of a modal: characters; required"),
    ("views.submit", 24, "Submit of a modal: characters"),
    ("views.close", 24, "Close of a modal: characters"),
    ("views.blocks", 100, "Blocks of a modal or App Home, at least one"),
    ("views.private_metadata", 3000, "`private_metadata`: characters"),
    ("views.callback_id", 255, "`callback_id` of a view: characters"),
    ("views.external_id", 255, "`external_id` of a view: characters"),
) + listed(
    "blockkit.py", _VIEWS,
    ("views.input_needs_submit", None, "A modal with an input has a submit"),
    ("views.bytes", 250_000, "Bytes of a view: `view_too_large`"),
)  # fmt: skip

_VALIDATE = listed(
    "methods/blocks.py", "D:methods/blocks.validate",
    ("blocks.validate.one", None, "Exactly one of blocks, message, view: `invalid_arguments`"),
    ("blocks.validate.blocks", None, "Wrong blocks: `invalid_blocks` with `errors`"),
    ("blocks.validate.message", None, "A wrong message: `invalid_message` with `errors`"),
    ("blocks.validate.view", None, "A wrong view: `invalid_view` with `errors`"),
    ("blocks.validate.errors", None, "An error has pointer, code, message and constraint"),
)  # fmt: skip

_MEASURED = (
    Rule(
        "blocks.sum",
        "chat.postMessage: `msg_blocks_too_long`; characters of all blocks and 125 for each block "
        "(measured, undocumented); not through response_url",
        "slackapi/bolt-js issues 2509, 2867",
        "blockkit.py",
        13_172,
        switch="message_block_chars",
    ),
)

RULES: tuple[Rule, ...] = (
    *_SHAPE, *_COUNTS, *_SURFACES, *_BASIC, *_CARDS, *_TABLES, *_VIEW, *elements.RULES,
    *_VALIDATE, *_MEASURED,
)  # fmt: skip

limit = limits(RULES)
