using SigmaComms.Actors;
using SigmaComms.Client.Links;
using SigmaComms.Client.Sessions;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Prekeys;

/// <summary>
/// Keeps this device's prekeys durably and the directory supplied: the account record and the last-resort bundle at
/// each new link and rotation, one-time bundles whenever few are left. Private halves are durable before their bundle
/// leaves.
/// </summary>
internal sealed class PrekeyActor : ReceiveActor
{
    private const string PersistenceId = "prekeys";
    private const int BatchMax = 20;
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LogDelay = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MoreDelay = TimeSpan.FromMilliseconds(50);

    private readonly ClientContext _client;
    private CommitLog? _log;

    /// <summary>Made by its supervisor, again at each restart.</summary>
    public PrekeyActor(ClientContext client)
    {
        _client = client;
        ReceiveAsync<ForgetPrekeys>(ForgetAsync);
        ReceiveAsync<LinkUp>(_ => PublishAsync(new CheckDue(true, true)));
        ReceiveAsync<CheckDue>(PublishAsync);
        Receive<LinkDown>(static _ => { });
    }

    /// <inheritdoc/>
    protected override async ValueTask PreStart()
    {
        (_log, IReadOnlyList<byte[]> commits) = await CommitLog.OpenAsync(
            _client.Journal, PersistenceId, Context.StopToken);
        if (commits.Count > 0)
        {
            Invariant.Holds(PrekeyRing.TryImport(commits[^1], out PrekeyRing? ring));
            _client.Prekeys.Replace(ring);
        }

        Context.Timers.StartPeriodic("check", new CheckDue(false, false), CheckPeriod);
        Context.Parent.Tell(new ChildReady(nameof(PrekeyActor)));
        if (_client.Board.Current is not null)
        {
            // A restart while the link stands: nobody will say again that it does.
            Self.Tell(new CheckDue(true, true));
        }
    }

    /// <inheritdoc/>
    protected override ValueTask PreRestart(Exception reason, object? message)
    {
        if (message is ForgetPrekeys forget)
        {
            Self.Tell(forget);
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask ForgetAsync(ForgetPrekeys forget)
    {
        _client.Prekeys.With(ring =>
        {
            ring.Apply(forget.Spent.ToResult());
            return true;
        });
        await CommitAsync();
        forget.ReplyTo.Tell(new SessionInput.PrekeysForgotten());
        Context.Timers.StartSingle("soon", new CheckDue(false, false), RetryDelay);
    }

    private async ValueTask PublishAsync(CheckDue check)
    {
        if (_client.Board.Current is null)
        {
            return;
        }

        try
        {
            await SupplyAsync(check);
        }
        catch (ClientException failed) when (failed.Reason == ClientFailure.Refused)
        {
            _client.Logger.PublishRefused(failed.Message);
            _client.Report(new ClientEvent(ClientEventKind.PublishRefused, _client.Account.Name, failed.Message));
            _client.Published.TrySetException(failed);
        }
        catch (ClientException failed)
        {
            _client.Logger.PublishFailed(failed.Message);
            Context.Timers.StartSingle("retry", check, RetryDelay);
        }
    }

    private async ValueTask SupplyAsync(CheckDue check)
    {
        CancellationToken stop = Context.StopToken;
        if (check.WithAccount)
        {
            await PublishAccountAsync(stop);
        }

        PrekeysStored stored = await _client.Board.AskAsync<PrekeysStored>(
            new CountPrekeys(_client.Device.DeviceId), RequestTimeout, null, stop);
        int missing = (int)Math.Clamp(_client.PrekeyTarget - (long)stored.Remaining, 0, BatchMax);
        bool few = stored.Remaining < _client.PrekeyTarget / 2;
        if (check.Fill || few || _client.Prekeys.With(ring => ring.NeedsRotation(_client.Time.GetUtcNow())))
        {
            stored = await UploadAsync(missing, stop);
            if (missing == BatchMax && stored.Remaining < _client.PrekeyTarget)
            {
                // The next part in a turn of its own, so that spent prekeys do not wait for all of them.
                Context.Timers.StartSingle("more", new CheckDue(false, true), MoreDelay);
            }
        }

        if (!_client.Published.Task.IsCompleted)
        {
            // Told first: who waits for it may look at what was told.
            _client.Report(new ClientEvent(ClientEventKind.Published, _client.Account.Name, ""));
            _client.Published.TrySetResult();
        }
    }

    /// <summary>
    /// What the nodes have and the control log has not yet is published again; prekeys need not wait for it.
    /// </summary>
    private async ValueTask PublishAccountAsync(CancellationToken stop)
    {
        LinkMessage answer = await _client.Board.AskAsync<LinkMessage>(
            new PublishAccount(_client.Account.Encoded), RequestTimeout, null, stop);
        if (answer is Refused { Reason: RefusalReason.NotInLog } waiting)
        {
            _client.Logger.NotInLog(waiting.Detail);
            Context.Timers.StartSingle("log", new CheckDue(true, false), LogDelay);
        }
        else if (answer is Refused refused)
        {
            throw LinkBoard.Refusal(refused);
        }
    }

    private async ValueTask<PrekeysStored> UploadAsync(int count, CancellationToken stop)
    {
        DateTimeOffset now = _client.Time.GetUtcNow();
        PrekeyPublication made = _client.Prekeys.With(
            ring => ring.Publish(_client.Device, count, now, _client.Random));
        await CommitAsync();
        var upload = new PublishPrekeys(
            _client.Device.DeviceId,
            made.LastResort.Encoded,
            [.. made.OneTime.Select(bundle => bundle.Encoded)]);
        return await _client.Board.AskAsync<PrekeysStored>(upload, RequestTimeout, null, stop);
    }

    private async ValueTask CommitAsync()
    {
        byte[] state = _client.Prekeys.With(static ring => ring.Export());
        if (_log!.WantsCompaction)
        {
            await _log.CompactAsync(state, CancellationToken.None);
            return;
        }

        await _log.AppendAsync(state, CancellationToken.None);
    }

    private sealed record CheckDue(bool WithAccount, bool Fill);
}
