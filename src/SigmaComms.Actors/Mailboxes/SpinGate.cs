namespace SigmaComms.Actors.Mailboxes;

/// <summary>A one-word lock for a few instructions. Never held while calling out.</summary>
internal struct SpinGate
{
    private int _taken;

    public void Enter()
    {
        if (Interlocked.CompareExchange(ref _taken, 1, 0) == 0)
        {
            return;
        }

        SpinWait spin = default;
        while (Volatile.Read(ref _taken) != 0 || Interlocked.CompareExchange(ref _taken, 1, 0) != 0)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    public void Exit() => Volatile.Write(ref _taken, 0);
}
