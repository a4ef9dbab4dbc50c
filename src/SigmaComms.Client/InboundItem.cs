using System.Text;
using SigmaComms.Client.Attachments;
using SigmaComms.Client.Sessions;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client;

/// <summary>A message for the application. It comes again after a restart unless it was marked.</summary>
public sealed class InboundItem
{
    private InboundItem(ConversationKey key, string from, InboxItem item)
    {
        Key = key;
        From = from;
        Id = item.Id;
        Counter = item.Place;
        Sent = ToTime(item.SentUnixMs);
        switch (item.Kind)
        {
            case EnvelopeKind.Text:
                Text = Encoding.UTF8.GetString(item.Body.Span);
                break;
            case EnvelopeKind.Attachment when AttachmentDescriptor.TryDecode(item.Body.Span, out var attachment):
                Attachment = attachment;
                break;
        }
    }

    /// <summary>The sender's name.</summary>
    public string From { get; }

    /// <summary>Names the message, the same as on the sender's side.</summary>
    public Digest16 Id { get; }

    /// <summary>Its place in the conversation with the sender's device, from 1, without gaps.</summary>
    public ulong Counter { get; }

    /// <summary>The sender's clock.</summary>
    public DateTimeOffset Sent { get; }

    /// <summary>The text, if it is one.</summary>
    public string? Text { get; }

    /// <summary>The attachment, if it is one.</summary>
    public AttachmentDescriptor? Attachment { get; }

    /// <summary>
    /// Neither text nor attachment: from a newer version of the program, or broken. Mark it and go on.
    /// </summary>
    public bool IsUnsupported => Text is null && Attachment is null;

    internal ConversationKey Key { get; }

    internal static InboundItem Of(ConversationKey key, string from, InboxItem item) => new(key, from, item);

    private static DateTimeOffset ToTime(ulong unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(
        (long)Math.Min(unixMs, (ulong)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
}
