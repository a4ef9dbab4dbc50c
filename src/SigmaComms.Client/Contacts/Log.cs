using Microsoft.Extensions.Logging;

namespace SigmaComms.Client.Contacts;

/// <summary>Log messages of the contacts: 1200 to 1299.</summary>
internal static partial class Log
{
    [LoggerMessage(1200, LogLevel.Warning, "Account {Account} uses the name of a contact with another key")]
    public static partial void IdentityNotTrusted(this ILogger logger, string account);

    [LoggerMessage(1201, LogLevel.Information, "{Count} messages that nobody vouches for were dismissed")]
    public static partial void StrangersDismissed(this ILogger logger, int count);
}
