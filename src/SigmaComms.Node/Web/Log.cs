using Microsoft.Extensions.Logging;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Node.Web;

internal static partial class Log
{
    [LoggerMessage(2310, LogLevel.Information, "Operators are answered at http://{Endpoint}")]
    public static partial void OperatorsAnswered(this ILogger logger, NodeEndpoint endpoint);

    [LoggerMessage(2311, LogLevel.Error, "A question of an operator could not be answered: {Path}")]
    public static partial void AnswerFailed(this ILogger logger, Exception error, string path);
}
