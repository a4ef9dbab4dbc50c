using Microsoft.Extensions.Logging;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Buckets;

/// <summary>Logs a bucket's trouble when it begins, changes and ends, not once for each request.</summary>
/// <param name="bucket">The bucket's name.</param>
/// <param name="logger">Where to.</param>
internal sealed class BucketHealth(string bucket, ILogger logger)
{
    private readonly Lock _gate = new();
    private string _code = string.Empty;
    private long _failures;

    /// <summary>Takes note of an answer.</summary>
    /// <param name="answer">What came of a request.</param>
    public void Note(BucketAnswer answer)
    {
        lock (_gate)
        {
            if (answer.IsHealthy)
            {
                Recovered();
            }
            else
            {
                Failed(answer);
            }
        }
    }

    private void Recovered()
    {
        if (_failures > 0)
        {
            logger.BucketAnswers(bucket, _failures);
            _failures = 0;
            _code = string.Empty;
        }
    }

    private void Failed(BucketAnswer answer)
    {
        _failures++;
        if (_code == answer.Code)
        {
            return;
        }

        _code = answer.Code;
        switch (answer.Status)
        {
            case StoreStatus.Refused:
                logger.BucketRefuses(bucket, answer.Code);
                break;
            case StoreStatus.Full:
                logger.BucketIsFull(bucket, answer.Code);
                break;
            default:
                logger.BucketFails(bucket, answer.Code);
                break;
        }
    }
}
