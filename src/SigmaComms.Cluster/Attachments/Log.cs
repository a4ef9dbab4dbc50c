using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster.Attachments;

internal static partial class Log
{
    [LoggerMessage(810, LogLevel.Warning, "Attachments: {Detail}")]
    public static partial void AttachmentFailed(this ILogger logger, string detail);

    [LoggerMessage(811, LogLevel.Information, "Attachment {Attachment}: copied {Chunks} chunks to node {Target}")]
    public static partial void AttachmentCopied(
        this ILogger logger, string attachment, int chunks, string target);

    [LoggerMessage(812, LogLevel.Warning, "Attachment {Attachment} not copied to node {Target}: {Detail}")]
    public static partial void AttachmentNotCopied(
        this ILogger logger, string attachment, string target, string detail);
}
