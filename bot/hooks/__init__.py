"""Where other systems than Slack are spoken to: pagers, webhooks and mail out, alerts in."""
