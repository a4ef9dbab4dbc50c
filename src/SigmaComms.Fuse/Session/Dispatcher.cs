using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Native;
using SigmaComms.Fuse.Protocol;
using SigmaComms.Fuse.Protocol.Wire;

namespace SigmaComms.Fuse.Session;

/// <summary>
/// Takes requests apart, asks the filesystem, and replies: at once where it answers at once, else later.
/// </summary>
internal sealed partial class Dispatcher(
    FuseFileSystem files, FuseOptions options, IKernelDevice device, RequestPool requests, InFlightGate gate)
{
    private readonly TaskCompletionSource<Agreement> _agreement =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _agreed;
    private bool _longXattr;
    private long _served;
    private long _malformed;

    /// <summary>Ends when INIT is answered.</summary>
    public Task<Agreement> Agreement => _agreement.Task;

    /// <summary>Requests that were taken up.</summary>
    public long Served => Interlocked.Read(ref _served);

    /// <summary>Requests that were not as the protocol says.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    /// <summary>Serves one request. Never throws for what the kernel sent or the filesystem did.</summary>
    public void Dispatch(FuseRequest request)
    {
        Interlocked.Increment(ref _served);
        try
        {
            Route(request);
        }
        catch (Exception fault)
        {
            // The supervisor of a request: its asker gets EIO, the mount lives on.
            Fault(request.Opcode, fault);
            if (!request.IsAnswered)
            {
                Send(request, Errno.InputOutput);
            }
        }
    }

    private void Route(FuseRequest request)
    {
        if (!request.TryFindBody())
        {
            Refuse(request, Errno.InputOutput);
        }
        else if (request.Opcode == FuseOpcode.Init)
        {
            Initialize(request);
        }
        else if (!Volatile.Read(ref _agreed))
        {
            Refuse(request, Errno.InputOutput);
        }
        else if (!RouteNames(request) && !RouteContent(request) && !RouteNodes(request) && !RouteKernel(request))
        {
            Send(request, Errno.NotImplemented);
        }
    }

    private bool RouteKernel(FuseRequest request)
    {
        switch (request.Opcode)
        {
            case FuseOpcode.Interrupt:
                Interrupt(request);
                return true;
            case FuseOpcode.Forget:
                Forget(request);
                return true;
            case FuseOpcode.BatchForget:
                ForgetMany(request);
                return true;
            case FuseOpcode.Destroy:
                Send(request, Errno.None);
                return true;
            default:
                return false;
        }
    }

    private void Initialize(FuseRequest request)
    {
        if (_agreed || !Negotiation.TryRead(request.Body.Span, out InitIn offer))
        {
            Refuse(request, Errno.InputOutput);
            return;
        }

        FuseResult<InitOut> answer = Negotiation.Agree(offer, options, out Agreement agreement);
        bool ready = answer.Error == Errno.None && offer.Major == Negotiation.Major;
        _longXattr = (agreement.Flags & InitFlags.SetXattrExtended) != 0;
        Volatile.Write(ref _agreed, ready);
        Finish(request, answer, ReplyEncoder.Initialized);
        if (ready)
        {
            _agreement.TrySetResult(agreement);
        }
        else if (answer.Error != Errno.None)
        {
            _agreement.TrySetException(new FuseMountException(
                MountFailure.KernelTooOld, $"The kernel speaks FUSE {offer.Major}.{offer.Minor}; 7.31 is needed."));
        }
    }

    /// <summary>
    /// One that is not known has not been taken up yet, as another reader has it, or is over: ask again.
    /// </summary>
    private void Interrupt(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        InterruptIn interrupt = body.Take<InterruptIn>();
        if (!body.Ends(out Errno error))
        {
            Refuse(request, error);
        }
        else if (requests.TryInterrupt(interrupt.Unique))
        {
            requests.Return(request);
        }
        else
        {
            Send(request, Errno.TryAgain);
        }
    }

    private void Forget(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        ForgetIn forget = body.Take<ForgetIn>();
        if (!body.Ends(out _))
        {
            Interlocked.Increment(ref _malformed);
        }
        else if (forget.Lookups > 0)
        {
            files.Forget(request.Node, forget.Lookups);
        }

        requests.Return(request);
    }

    private void ForgetMany(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        BatchForgetIn batch = body.Take<BatchForgetIn>();
        for (uint i = 0; i < batch.Count; i++)
        {
            ForgetOne one = body.Take<ForgetOne>();
            if (body.IsBroken)
            {
                break;
            }

            if (one.Lookups > 0)
            {
                files.Forget(new NodeId(one.Node), one.Lookups);
            }
        }

        if (!body.Ends(out _))
        {
            Interlocked.Increment(ref _malformed);
        }

        requests.Return(request);
    }

    private void Answer(FuseRequest request, ValueTask<Errno> pending)
    {
        if (pending.IsCompletedSuccessfully)
        {
            Send(request, pending.GetAwaiter().GetResult());
        }
        else
        {
            _ = AnswerLaterAsync(request, pending);
        }
    }

    private void Answer<T>(FuseRequest request, ValueTask<FuseResult<T>> pending, ReplyEncoder.Encode<T> encode)
        where T : struct
    {
        if (pending.IsCompletedSuccessfully)
        {
            Finish(request, pending.GetAwaiter().GetResult(), encode);
        }
        else
        {
            _ = AnswerLaterAsync(request, pending, encode);
        }
    }

    private async Task AnswerLaterAsync(FuseRequest request, ValueTask<Errno> pending)
    {
        int held = request.HeldBytes;
        gate.Add(held);
        Errno error;
        try
        {
            error = await pending;
        }
        catch (Exception fault)
        {
            error = ErrorOf(request, fault);
        }

        Send(request, error);
        gate.Remove(held);
    }

    private async Task AnswerLaterAsync<T>(
        FuseRequest request, ValueTask<FuseResult<T>> pending, ReplyEncoder.Encode<T> encode)
        where T : struct
    {
        int held = request.HeldBytes;
        gate.Add(held);
        FuseResult<T> result;
        try
        {
            result = await pending;
        }
        catch (Exception fault)
        {
            result = ErrorOf(request, fault);
        }

        FuseOpcode opcode = request.Opcode;
        try
        {
            Finish(request, result, encode);
        }
        catch (Exception fault)
        {
            Fault(opcode, fault);
            if (!request.IsAnswered)
            {
                Send(request, Errno.InputOutput);
            }
        }

        gate.Remove(held);
    }

    private Errno ErrorOf(FuseRequest request, Exception fault)
    {
        if (fault is OperationCanceledException && request.IsInterrupted)
        {
            return Errno.Interrupted;
        }

        Fault(request.Opcode, fault);
        return Errno.InputOutput;
    }

    private void Finish<T>(FuseRequest request, in FuseResult<T> result, ReplyEncoder.Encode<T> encode)
        where T : struct
    {
        if (result.Error != Errno.None)
        {
            Send(request, result.Error);
            return;
        }

        T value = result.Value;
        int length = encode(request, in value);
        Send(request, length < 0 ? (Errno)(-length) : Errno.None, Math.Max(0, length));
    }

    private void Refuse(FuseRequest request, Errno error)
    {
        // The kernel passes on names that are longer than ours may be: that is a caller's fault, not the kernel's.
        if (error != Errno.NameTooLong)
        {
            Interlocked.Increment(ref _malformed);
        }

        Send(request, error);
    }

    private void Send(FuseRequest request, Errno error, int payloadBytes = 0)
    {
        FuseOpcode opcode = request.Opcode;
        int written = device.Write(request.Reply(error, payloadBytes));
        requests.Return(request);

        // What was aborted meanwhile, or whose mount is gone, needs no reply any more.
        if (written < 0 && (Errno)(-written) is not (Errno.NoEntry or Errno.NoDevice or Errno.NotConnected))
        {
            Fault(opcode, new IOException($"The kernel refused a reply with error {-written}."));
        }
    }

    private void Fault(FuseOpcode opcode, Exception fault) => options.Faulted?.Invoke(opcode, fault);
}
