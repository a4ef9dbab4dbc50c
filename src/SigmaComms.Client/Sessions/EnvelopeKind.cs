namespace SigmaComms.Client.Sessions;

/// <summary>What an envelope carries. Numbers are permanent; see docs/formats/envelope.md.</summary>
public enum EnvelopeKind : byte
{
    /// <summary>A text message in UTF-8. Sequenced.</summary>
    Text = 1,

    /// <summary>Says only which messages arrived, in the field every envelope has for it. Not sequenced.</summary>
    Receipt = 2,

    /// <summary>Where an attachment lies and how to open it. Sequenced.</summary>
    Attachment = 3,
}
